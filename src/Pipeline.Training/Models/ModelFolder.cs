using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Training.Safetensors;
using Pipeline.Training.Storage;
using static TorchSharp.torch;

namespace Pipeline.Training.Models;

/// <summary>
/// A model as a folder in Hugging Face's layout: config.json, generation_config.json, model.safetensors or shards
/// of it under an index. Tokenizer,
/// chat template and model card lie beside them and are none of this library's business.
/// </summary>
public static class ModelFolder
{
    private const string ConfigFile = "config.json";
    private const string GenerationFile = "generation_config.json";
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>The shape of the model in a folder, without reading its weights.</summary>
    /// <exception cref="TrainingException">No config.json, or one that is not supported.</exception>
    public static ModelConfig ReadConfig(string folder)
    {
        var path = Path.Combine(folder, ConfigFile);
        if (!File.Exists(path)) throw new TrainingException(TrainingErrors.NotFound, $"{folder} has no {ConfigFile}: it is not a model folder.");
        return ModelConfigJson.Parse(File.ReadAllText(path), path);
    }

    /// <summary>What stands on the decoder, by the name in <c>architectures</c>; without one it is a language model.</summary>
    /// <exception cref="TrainingException">No config.json, or an architecture that is not supported.</exception>
    public static ModelHead ReadHead(string folder)
    {
        var path = Path.Combine(folder, ConfigFile);
        _ = ReadConfig(folder);
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        var name = document.RootElement.TryGetProperty("architectures", out var names) && names is { ValueKind: JsonValueKind.Array } && names.GetArrayLength() > 0
            ? names[0].GetString()! : "ForCausalLM";
        return name.EndsWith("ForCausalLM", StringComparison.Ordinal) ? ModelHead.LanguageModel
            : name.EndsWith("ForSequenceClassification", StringComparison.Ordinal) ? ModelHead.SequenceClassifier
            : throw new TrainingException(TrainingErrors.Unsupported, $"{path}: architectures is {name}; supported are …ForCausalLM and …ForSequenceClassification.");
    }

    /// <summary>What the folder holds. The files are held against config.json, but no weight is read.</summary>
    /// <exception cref="TrainingException">As when it is loaded.</exception>
    public static ModelSummary Inspect(string folder)
    {
        var (config, head) = (ReadConfig(folder), ReadHead(folder));
        using nn.Module model = head == ModelHead.LanguageModel ? new LanguageModel(config, seed: null, META) : new SequenceClassifier(config, seed: null, META);
        var stored = Locate(folder, model);
        ModelWeights.RequireFit(model, stored, folder);
        return new(config, head, ModelWeights.Of(model).Values.Sum(weight => weight.numel()),
            [.. stored.Values.Select(tensor => SafetensorsDtype.Name(tensor.Entry.Type)).Distinct().Order(StringComparer.Ordinal)],
            stored.Values.Select(tensor => tensor.File).Distinct().Count(), stored.Values.Sum(tensor => tensor.Entry.Length));
    }

    /// <summary>The special tokens, from generation_config.json or, where that is missing, from config.json.</summary>
    /// <exception cref="TrainingException">Neither is there, or one is no JSON.</exception>
    public static GenerationConfig ReadGeneration(string folder)
    {
        var path = new[] { GenerationFile, ConfigFile }.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
            ?? throw new TrainingException(TrainingErrors.NotFound, $"{folder} has neither {GenerationFile} nor {ConfigFile}.");
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(path));
            return GenerationConfig.Read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new TrainingException(TrainingErrors.BadConfig, $"{path}: {e.Message}", e);
        }
    }

    /// <exception cref="TrainingException">The folder is not a model's, is damaged, or its tensors do not fit its config.json.</exception>
    public static LanguageModel LoadLanguageModel(string folder, Device? device = null) =>
        Load(folder, new LanguageModel(ReadConfig(folder), seed: null, device));

    /// <exception cref="TrainingException">The folder is not a reward model's, is damaged, or its tensors do not fit its config.json.</exception>
    public static SequenceClassifier LoadSequenceClassifier(string folder, Device? device = null) =>
        Load(folder, new SequenceClassifier(ReadConfig(folder), seed: null, device));

    /// <summary>Writes a language model. The folder is made if it is not there; each file is written whole or not at all.</summary>
    /// <exception cref="TrainingException">The disk is full.</exception>
    public static void Save(string folder, LanguageModel model, GenerationConfig generation, ModelFormat? format = null) =>
        Save(folder, model, model.Config, ModelHead.LanguageModel, generation, format ?? new());

    /// <summary>Writes a reward model, likewise.</summary>
    /// <exception cref="TrainingException">The disk is full.</exception>
    public static void Save(string folder, SequenceClassifier model, GenerationConfig generation, ModelFormat? format = null) =>
        Save(folder, model, model.Config, ModelHead.SequenceClassifier, generation, format ?? new());

    private static T Load<T>(string folder, T model) where T : nn.Module
    {
        try
        {
            ModelWeights.Load(model, Locate(folder, model), folder);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private static Dictionary<string, StoredTensor> Locate(string folder, nn.Module model)
    {
        var tensors = SafetensorsShards.Locate(folder);
        // Old checkpoints carry the rotary table, and some a copy of the tied head. Both follow from the rest.
        foreach (var name in tensors.Keys.Where(name => name.EndsWith("rotary_emb.inv_freq", StringComparison.Ordinal)).ToList()) tensors.Remove(name);
        if (model is LanguageModel { Config.TieEmbeddings: true }) tensors.Remove("lm_head.weight");
        return tensors;
    }

    private static void Save(string folder, nn.Module model, ModelConfig config, ModelHead head, GenerationConfig generation, ModelFormat format)
    {
        Directory.CreateDirectory(folder);
        var tokens = new JsonObject();
        generation.WriteTokensTo(tokens);
        SafetensorsShards.Write(folder, ModelWeights.Of(model), format);
        WriteJson(Path.Combine(folder, GenerationFile), tokens);
        WriteJson(Path.Combine(folder, ConfigFile), ModelConfigJson.Write(config, head, generation, format.Type));
    }

    private static void WriteJson(string path, JsonObject json) =>
        DurableFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(json.ToJsonString(Indented) + "\n")));
}
