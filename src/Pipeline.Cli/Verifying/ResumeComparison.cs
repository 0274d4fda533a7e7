using System.Text.Json;
using Pipeline.Engine.Checkpoints;
using Pipeline.Protocol;
using Pipeline.Protocol.Artifacts;
using Pipeline.Protocol.Jobs;

namespace Pipeline.Cli.Verifying;

/// <summary>Holds a run that was stopped and killed against one that was not, bit for bit.</summary>
/// <param name="What">Of the stage: an output, the last checkpoint, metrics, samples.</param>
/// <param name="Difference">The first that was found; null if they are equal.</param>
internal sealed record ResumeComparison(string What, string? Difference)
{
    // What depends on the clock or on the process, and so differs between any two runs.
    private static readonly string[] s_ofThisProcess = ["step_time", "tokens_per_second", "memory"];

    /// <summary>All that is compared.</summary>
    /// <param name="unbroken">The attempt that was not disturbed.</param>
    /// <param name="broken">Those of the other, in order; the last came to the end.</param>
    public static IReadOnlyList<ResumeComparison> Of(AttemptFolder unbroken, IReadOnlyList<AttemptFolder> broken) =>
    [
        .. Outputs(ResultOf(unbroken), ResultOf(broken[^1])),
        .. Checkpoint(unbroken, broken),
        new("metrics of every step", Metrics(unbroken, broken)),
        new("final metrics", Values(ResultOf(unbroken).Metrics, ResultOf(broken[^1]).Metrics)),
        .. Samples(unbroken, broken),
    ];

    private static IEnumerable<ResumeComparison> Outputs(ResultFile expected, ResultFile found) =>
        expected.Outputs.Select(output => new ResumeComparison($"output {output.Key}",
            found.Outputs.TryGetValue(output.Key, out var other) && other.Digest == output.Value.Digest ? null
                : $"its digest is {output.Value.Digest} unbroken and {other?.Digest ?? "missing"} resumed"));

    /// <summary>Weights, optimizer and what else has tensors; the state holds seconds and is left out. Nothing where the unbroken run's are gone.</summary>
    private static IEnumerable<ResumeComparison> Checkpoint(AttemptFolder unbroken, IReadOnlyList<AttemptFolder> broken)
    {
        if (CheckpointVerification.In(unbroken).MaxBy(checkpoint => checkpoint.Step) is not { } last) yield break;
        // The last attempt may have had nothing left to save.
        var twin = broken.SelectMany(CheckpointVerification.In).LastOrDefault(checkpoint => checkpoint.Step == last.Step);
        yield return new("last checkpoint", twin is null ? $"{Path.GetFileName(last.Path)} is missing in the resumed run" : Tensors(last.Path, twin.Path));
    }

    private static string? Tensors(string unbroken, string resumed)
    {
        foreach (var file in Directory.GetFiles(unbroken, "*.safetensors").Order(StringComparer.Ordinal))
        {
            var (twin, name) = (Path.Combine(resumed, Path.GetFileName(file)), $"{Path.GetFileName(unbroken)}/{Path.GetFileName(file)}");
            if (!File.Exists(twin)) return $"{name} is missing in the resumed run";
            if (ArtifactDigest.Of(file) != ArtifactDigest.Of(twin)) return $"{name} differs";
        }
        return null;
    }

    private static string? Metrics(AttemptFolder unbroken, IReadOnlyList<AttemptFolder> broken)
    {
        // A step that was made twice counts as the latest attempt told it.
        var found = new Dictionary<long, IReadOnlyDictionary<string, double>>();
        foreach (var line in broken.SelectMany(attempt => MetricsFile.Lines(attempt.Metrics))) found[line.Step] = line.Values;
        foreach (var line in MetricsFile.Lines(unbroken.Metrics))
            if (!found.Remove(line.Step, out var other)) return $"step {line.Step} is missing in the resumed run";
            else if (Values(line.Values, other) is { } difference) return $"step {line.Step}: {difference}";
        return found.Count == 0 ? null : $"step {found.Keys.Min()} is one that the unbroken run did not make";
    }

    private static string? Values(IReadOnlyDictionary<string, double> expected, IReadOnlyDictionary<string, double> found)
    {
        foreach (var name in expected.Keys.Union(found.Keys).Where(name => !IsOfThisProcess(name)))
            if (!(expected.TryGetValue(name, out var one) && found.TryGetValue(name, out var other) && one.Equals(other)))
                return FormattableString.Invariant(
                    $"{name} is {(expected.TryGetValue(name, out var e) ? e : "missing")} unbroken and {(found.TryGetValue(name, out var f) ? f : "missing")} resumed");
        return null;
    }

    private static IEnumerable<ResumeComparison> Samples(AttemptFolder unbroken, IReadOnlyList<AttemptFolder> broken)
    {
        if (!Directory.Exists(unbroken.Rollouts)) yield break;
        foreach (var file in Directory.GetFiles(unbroken.Rollouts).Order(StringComparer.Ordinal))
        {
            var twin = broken.Select(attempt => Path.Combine(attempt.Rollouts, Path.GetFileName(file))).LastOrDefault(File.Exists);
            yield return new($"samples of {Path.GetFileNameWithoutExtension(file)}",
                twin is null ? "they are missing in the resumed run" : ArtifactDigest.Of(file) == ArtifactDigest.Of(twin) ? null : "they differ");
        }
    }

    private static bool IsOfThisProcess(string metric) => s_ofThisProcess.Contains(metric) || metric.StartsWith("time/", StringComparison.Ordinal);

    private static ResultFile ResultOf(AttemptFolder attempt) =>
        JsonSerializer.Deserialize<ResultFile>(File.ReadAllBytes(attempt.Result), ProtocolJson.Indented)!;
}
