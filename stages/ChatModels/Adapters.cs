using System.Text.Json;
using Pipeline.Protocol.Options;
using Pipeline.Stages.Hosting;
using Pipeline.Training.Models.Lora;
using Serilog;
using static TorchSharp.torch;

namespace Pipeline.Stages.ChatModels;

/// <summary>The adapter that a stage trains in place of a model's weights, where its options ask for one.</summary>
internal static class Adapters
{
    /// <summary>Where it lies within the folder of the model that it is merged into.</summary>
    public const string Folder = "adapter";

    /// <summary>Freezes the model and puts a fresh adapter into use; null where all weights learn.</summary>
    public static LoraAdapter? Of(StageContext stage, nn.Module model, LoraOptions? options)
    {
        if (options is null) return null;
        string[] targets = [.. options.Targets.Distinct().Order().Select(target => JsonNamingPolicy.SnakeCaseLower.ConvertName(target.ToString()))];
        var adapter = new LoraAdapter(model, new(options.Rank, options.Alpha, targets, options.Dropout), Seeds.Of(stage.Seed, "lora"));
        Log.Information("An adapter of {Trained:N0} weights beside {Frozen:N0} that stay as they are",
            adapter.Weights.Values.Sum(weight => weight.numel()), model.parameters().Sum(weight => weight.numel()));
        return adapter;
    }

    /// <summary>Writes the adapter below a model's folder and merges it into the model, which is to be written next.</summary>
    public static void SaveAndMerge(LoraAdapter? adapter, string folder)
    {
        if (adapter is null) return;
        PeftFolder.Save(Path.Combine(folder, Folder), adapter);
        adapter.Merge();
    }
}
