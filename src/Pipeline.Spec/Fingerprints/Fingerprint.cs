using Pipeline.Spec.Resolved;

namespace Pipeline.Spec.Fingerprints;

/// <summary>Content hash of all that determines what a stage makes.</summary>
public static class Fingerprint
{
    /// <summary>The fingerprint of a stage, see <see cref="FingerprintParts"/> for what is in it.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="inputDigests">Digest of each input by name.</param>
    public static string Of(ResolvedStage stage, IReadOnlyDictionary<string, string> inputDigests) =>
        FingerprintParts.Of(stage, inputDigests).Hash();

    /// <summary>
    /// Whether equal fingerprints mean equal outputs: for a command only if the file declares its <c>code</c>, because
    /// nothing else tells whether the program has changed.
    /// </summary>
    public static bool IsCacheable(ResolvedStage stage) => stage.Command is null || stage.Code is not null;
}
