using System.Text.Json.Nodes;
using Pipeline.Protocol.Artifacts;
using Pipeline.Protocol.Stages;
using Pipeline.Spec.Resolved;
using Pipeline.Spec.Yaml;

namespace Pipeline.Spec.Loading;

/// <summary>
/// The stages that fetch what the others name by <c>hf:</c> and <c>hf-dataset:</c>, one for each repository, however often
/// it is named. They run where the engine does: compute nodes of a cluster often cannot reach the Internet.
/// </summary>
/// <param name="taken">Ids of the stages in the file.</param>
internal sealed class Fetches(IEnumerable<string> taken)
{
    private readonly HashSet<string> _ids = [.. taken];
    private readonly Dictionary<HubReference, StageDraft> _stages = [];

    /// <summary>The stages so far.</summary>
    public IEnumerable<StageDraft> Stages => _stages.Values;

    /// <summary>Id of the stage that fetches <paramref name="reference"/>.</summary>
    public string StageOf(HubReference reference, Position at)
    {
        if (!_stages.TryGetValue(reference, out var draft)) _stages[reference] = draft = new StageDraft(Fetching(reference), at, []);
        return draft.Stage.Id;
    }

    private ResolvedStage Fetching(HubReference reference)
    {
        var kind = StageKinds.Find(reference.Kind == ArtifactKind.Model ? StageKinds.FetchModel : StageKinds.FetchDataset)!;
        var options = new JsonObject { ["repository"] = reference.Repository, ["revision"] = reference.Revision };
        if (reference.Files is { } files) options["files"] = new JsonArray(files);
        var id = FreeId(reference.Repository);
        return new ResolvedStage
        {
            Id = id,
            Instance = id,
            Uses = kind.Name,
            KindVersion = kind.Version,
            Options = CompleteOptions.Of(options, kind.Options),
            Outputs = kind.Outputs.ToDictionary(output => output.Name, output => output.Kind),
            Resources = new StageResources(Cpus: 1),
        };
    }

    /// <summary><c>Qwen/Qwen2.5-1.5B</c> becomes <c>fetch_qwen2_5_1_5b</c>, or with a number if that is taken.</summary>
    private string FreeId(string repository)
    {
        var name = repository[(repository.IndexOf('/') + 1)..].ToLowerInvariant();
        var plain = "fetch_" + string.Concat(name.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '_'));
        var id = plain;
        for (var number = 2; !_ids.Add(id); number++) id = $"{plain}_{number}";
        return id;
    }
}
