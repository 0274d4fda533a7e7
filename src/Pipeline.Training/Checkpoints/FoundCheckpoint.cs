namespace Pipeline.Training.Checkpoints;

/// <summary>A checkpoint that verified, and what had to be passed over to find it.</summary>
/// <param name="Folder">The checkpoint's.</param>
/// <param name="Manifest">Its manifest.</param>
/// <param name="Skipped">Newer ones that did not verify, each with the reason; to be reported, not hidden.</param>
public sealed record FoundCheckpoint(string Folder, CheckpointManifest Manifest, IReadOnlyList<string> Skipped);
