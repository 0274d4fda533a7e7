using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Protocol.Artifacts;
using Pipeline.Spec.Estimates;
using Pipeline.Spec.Resolved;

namespace Pipeline.Cli.Planning;

/// <summary>Reads what a pipeline's inputs are that lie on the disk already.</summary>
internal static class InputFacts
{
    /// <summary>The sizes of models and datasets, and a look at each dataset for each stage that reads it.</summary>
    public static (KnownInputs Known, IReadOnlyList<DatasetGlance> Glances) Read(ResolvedPipeline pipeline)
    {
        var models = new Dictionary<string, ModelSize>();
        var datasets = new Dictionary<string, DatasetFacts>();
        var glances = new List<DatasetGlance>();
        foreach (var stage in pipeline.Stages)
        {
            foreach (var input in stage.Inputs.Values)
                if (input is { Path: { } path, Kind: ArtifactKind.Model } && Model(path) is { } model) models[path] = model;
            var folder = stage.Inputs.GetValueOrDefault("model")?.Path ?? stage.Inputs.GetValueOrDefault("tokenizer")?.Path;
            foreach (var (name, input) in stage.Inputs.Where(input => input.Value is { Path: not null, Kind: ArtifactKind.Dataset }))
            {
                var glance = DatasetGlance.Of(stage, name, input.Path!, folder);
                glances.Add(glance);
                if (glance.Rows is { } rows) datasets[input.Path!] = new DatasetFacts(rows, glance.MeanTokens);
            }
        }
        return (new KnownInputs(datasets, models), glances);
    }

    /// <summary>The size in a model folder's config.json; null if there is none that can be read.</summary>
    public static ModelSize? Model(string folder)
    {
        try { return JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "config.json"))) is JsonObject config ? ModelSize.Of(config) : null; }
        catch (Exception error) when (error is IOException or JsonException or UnauthorizedAccessException) { return null; }
    }
}
