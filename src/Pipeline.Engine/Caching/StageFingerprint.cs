using Pipeline.Protocol.Jobs;
using Pipeline.Spec.Fingerprints;
using Pipeline.Spec.Resolved;

namespace Pipeline.Engine.Caching;

/// <summary>The fingerprint of a stage whose inputs are at hand.</summary>
/// <param name="Hash">Names the outputs: an attempt with the same hash made the same.</param>
/// <param name="Parts">What went into it.</param>
public sealed record StageFingerprint(string Hash, FingerprintParts Parts)
{
    /// <summary>Computes it.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="inputs">Its inputs; those of a skipped stage are left out.</param>
    /// <param name="run">
    /// The run. It is a part only where equal parts would not mean equal outputs (a command that does not say which code
    /// it runs, and may ask for its own name): results and checkpoints of such a stage serve itself alone, in its own run.
    /// </param>
    public static StageFingerprint Of(ResolvedStage stage, IReadOnlyDictionary<string, JobInput> inputs, string run)
    {
        var digests = stage.Inputs.Keys.ToDictionary(name => name, name => inputs.GetValueOrDefault(name)?.Digest ?? "skipped");
        var parts = FingerprintParts.Of(stage, digests);
        if (!Fingerprint.IsCacheable(stage)) (parts.Json["run"], parts.Json["instance"]) = (run, stage.Instance);
        return new(parts.Hash(), parts);
    }
}
