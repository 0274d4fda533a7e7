namespace Pipeline.Engine.Checkpoints;

/// <summary>A checkpoint on the disk, and why it is there.</summary>
/// <param name="Attempt">Number of the attempt that wrote it.</param>
/// <param name="Folder">Where it lies.</param>
/// <param name="Kept">The rules of its stage's policy that keep it; none for one that can go.</param>
public sealed record KeptCheckpoint(int Attempt, CheckpointFolder Folder, IReadOnlyList<string> Kept);
