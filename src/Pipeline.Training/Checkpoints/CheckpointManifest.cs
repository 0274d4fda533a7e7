using System.Text.Json.Serialization;

namespace Pipeline.Training.Checkpoints;

/// <summary>What manifest.json says; it is written last, so a folder without one is not a checkpoint.</summary>
/// <param name="Format">Of this file; 1.</param>
/// <param name="Step">Optimizer steps that were made.</param>
/// <param name="Fingerprint">Of the stage whose training this is.</param>
/// <param name="Threads">Threads it was trained with; another number sums in another order and ends with other bits.</param>
/// <param name="Files">All files but the manifest.</param>
public sealed record CheckpointManifest(
    [property: JsonPropertyName("format")] int Format,
    [property: JsonPropertyName("step")] long Step,
    [property: JsonPropertyName("fingerprint")] string Fingerprint,
    [property: JsonPropertyName("threads")] int Threads,
    [property: JsonPropertyName("files")] IReadOnlyList<CheckpointFile> Files)
{
    /// <summary>The only format there is so far.</summary>
    public const int CurrentFormat = 1;
}

/// <summary>A file of a checkpoint.</summary>
/// <param name="Path">Below the checkpoint's folder.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">Lower-case hexadecimal.</param>
public sealed record CheckpointFile(
    [property: JsonPropertyName("path")] string Path,
    [property: JsonPropertyName("size")] long Size,
    [property: JsonPropertyName("sha256")] string Sha256);
