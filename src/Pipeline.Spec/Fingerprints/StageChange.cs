using System.Text.Json;
using Pipeline.Protocol;
using Pipeline.Spec.Resolved;

namespace Pipeline.Spec.Fingerprints;

/// <summary>What a change of a pipeline means for one stage of it.</summary>
/// <param name="Instance">The stage instance.</param>
/// <param name="Differences">What differs, one phrase each: <c>with.learning_rate 1e-4 -> 5e-5</c>.</param>
/// <param name="MakesOthers">Whether it would make other outputs of the same inputs.</param>
public sealed record StageChange(string Instance, IReadOnlyList<string> Differences, bool MakesOthers)
{
    /// <summary>The stages that differ, in the order of <paramref name="after"/>; one that is new, or not there any more, says so.</summary>
    public static IReadOnlyList<StageChange> Between(ResolvedPipeline before, ResolvedPipeline after)
    {
        var old = before.Stages.ToDictionary(stage => stage.Instance);
        var changes = after.Stages.Select(stage => Of(old.GetValueOrDefault(stage.Instance), stage)).OfType<StageChange>();
        var gone = old.Keys.Except(after.Stages.Select(stage => stage.Instance));
        return [.. changes, .. gone.Select(instance => new StageChange(instance, ["is not there any more"], MakesOthers: false))];
    }

    private static StageChange? Of(ResolvedStage? before, ResolvedStage after)
    {
        if (before is null) return new StageChange(after.Instance, ["is new"], MakesOthers: true);
        var differences = FlatJson.Difference(Flat(before), Flat(after));
        return differences.Count == 0 ? null : new StageChange(after.Instance, differences, Hash(before) != Hash(after));
    }

    private static Dictionary<string, string> Flat(ResolvedStage stage)
    {
        var json = JsonSerializer.SerializeToNode(stage, ProtocolJson.Line)!.AsObject();
        var flat = new Dictionary<string, string>();
        // In the words of the file; what it does not say is told apart by the instance.
        foreach (var (part, value) in json)
            if (part is not ("id" or "instance" or "kind_version" or "needs")) FlatJson.Add(flat, part == "options" ? "with" : part, value);
        return flat;
    }

    /// <summary>The fingerprint with every input the same but for where it comes from.</summary>
    private static string Hash(ResolvedStage stage) =>
        Fingerprint.Of(stage, stage.Inputs.ToDictionary(input => input.Key, input => JsonSerializer.Serialize(input.Value, ProtocolJson.Line)));
}
