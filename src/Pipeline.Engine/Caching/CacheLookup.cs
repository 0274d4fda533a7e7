using Pipeline.Engine.Ports;
using Pipeline.Engine.Runs;
using Pipeline.Spec.Fingerprints;

namespace Pipeline.Engine.Caching;

/// <summary>What the cache knows about a fingerprint.</summary>
/// <param name="Hit">An attempt whose outputs are still what they were; null on a miss.</param>
/// <param name="Miss">Why there is none, for a person; null on a hit.</param>
public sealed record CacheLookup(AttemptSucceeded? Hit, string? Miss)
{
    // Enough to find the last run with other options, few enough to compare in no time.
    private const int AttemptsCompared = 20;

    /// <summary>Looks in every run of the store.</summary>
    /// <param name="store">The store.</param>
    /// <param name="files">Where outputs are verified.</param>
    /// <param name="pipeline">Name of the pipeline.</param>
    /// <param name="instance">The stage instance.</param>
    /// <param name="fingerprint">Its fingerprint.</param>
    public static async Task<CacheLookup> Of(
        IRunStore store, IRunFiles files, string pipeline, string instance, StageFingerprint fingerprint)
    {
        string? damaged = null;
        foreach (var success in await store.Succeeded(fingerprint.Hash))
        {
            if (Changed(files, success) is not { } changed) return new(success, null);
            damaged ??= $"{changed.Path} is not any more what attempt {success.Attempt} of run {success.Run} made";
        }
        return new(null, damaged ?? await Difference(store, pipeline, instance, fingerprint));
    }

    private static StageOutput? Changed(IRunFiles files, AttemptSucceeded success) =>
        success.Outputs.Values.FirstOrDefault(output => files.Digest(output.Path) != output.Digest);

    private static async Task<string> Difference(IRunStore store, string pipeline, string instance, StageFingerprint fingerprint)
    {
        var earlier = await store.AttemptsAt(pipeline, instance, AttemptsCompared);
        if (earlier.Count == 0) return "never executed before";
        var (nearest, differences) = earlier
            .Select(attempt => (attempt, Differences: FingerprintParts.Difference(FingerprintParts.Read(attempt.Parts), fingerprint.Parts)))
            .MinBy(compared => compared.Differences.Count);
        return differences.Count == 0
            ? $"attempt {nearest.Attempt} of run {nearest.Run} was the same, but did not succeed"
            : $"{string.Join(", ", differences)} (against run {nearest.Run})";
    }
}
