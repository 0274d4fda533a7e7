using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Training.Safetensors;
using Pipeline.Training.Storage;
using static TorchSharp.torch;

namespace Pipeline.Training.Models.Lora;

/// <summary>Writes an adapter as PEFT does; <see cref="LoraMerge"/> reads one.</summary>
public static class PeftFolder
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <param name="folder">Made if it is not there; each file is written whole or not at all.</param>
    /// <param name="adapter">What is written.</param>
    /// <exception cref="TrainingException">The disk is full.</exception>
    public static void Save(string folder, LoraAdapter adapter)
    {
        Directory.CreateDirectory(folder);
        SafetensorsFile.Write(Path.Combine(folder, PeftNames.WeightsFile),
            adapter.Weights.ToDictionary(weight => PeftNames.Prefix + weight.Key, weight => (Tensor)weight.Value));
        DurableFile.Write(Path.Combine(folder, PeftNames.ConfigFile),
            stream => stream.Write(Encoding.UTF8.GetBytes(Config(adapter).ToJsonString(Indented) + "\n")));
    }

    // The base is not named: a path would be this machine's.
    private static JsonObject Config(LoraAdapter adapter) => new()
    {
        ["base_model_name_or_path"] = null,
        ["bias"] = "none",
        ["fan_in_fan_out"] = false,
        ["inference_mode"] = true,
        ["init_lora_weights"] = true,
        ["lora_alpha"] = adapter.Settings.Alpha,
        ["lora_dropout"] = adapter.Settings.Dropout,
        ["modules_to_save"] = adapter.HasScore ? new JsonArray(SequenceClassifier.ScoreName) : null,
        ["peft_type"] = "LORA",
        ["r"] = adapter.Settings.Rank,
        ["target_modules"] = new JsonArray([.. adapter.Settings.Targets.Select(target => (JsonNode)target)]),
        ["task_type"] = adapter.HasScore ? "SEQ_CLS" : "CAUSAL_LM",
        ["use_dora"] = false,
        ["use_rslora"] = false,
    };
}
