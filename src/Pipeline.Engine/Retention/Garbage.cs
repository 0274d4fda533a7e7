using Pipeline.Engine.Checkpoints;

namespace Pipeline.Engine.Retention;

/// <summary>Something on disk that nobody needs any more.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Run">The run it belongs to.</param>
/// <param name="Path">Where it lies.</param>
/// <param name="Bytes">How much it takes.</param>
/// <param name="Why">Why it can go, for a person.</param>
public sealed record Garbage(GarbageKind Kind, string Run, string Path, long Bytes, string Why)
{
    /// <summary>The checkpoint that it is; null for other kinds.</summary>
    internal CheckpointFolder? Checkpoint { get; init; }
}

/// <summary>What garbage is, and so how it is removed.</summary>
public enum GarbageKind
{
    /// <summary>A run that is older than was asked for: its journal goes first, then its folder.</summary>
    Run,

    /// <summary>A checkpoint that its stage's policy does not keep: renamed, then removed.</summary>
    Checkpoint,

    /// <summary>What a killed process left of a checkpoint that it wrote or deleted, or of a run that was deleted.</summary>
    Remains,
}
