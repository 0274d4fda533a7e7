namespace Pipeline.Engine.Checkpoints;

/// <summary><c>manifest.json</c> of a checkpoint, written last by the stage: what the folder must hold to be whole.</summary>
/// <param name="Format">Version of the manifest, 1.</param>
/// <param name="Step">The optimizer step.</param>
/// <param name="Fingerprint">Fingerprint of the stage that wrote it.</param>
/// <param name="Files">Every other file of the folder.</param>
public sealed record CheckpointManifest(int Format, long Step, string Fingerprint, IReadOnlyList<CheckpointFile> Files)
{
    /// <summary>Name of the file inside the checkpoint's folder.</summary>
    public const string FileName = "manifest.json";
}

/// <summary>A file of a checkpoint.</summary>
/// <param name="Path">Relative to the folder.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">Its hash, 64 hexadecimal digits.</param>
public sealed record CheckpointFile(string Path, long Size, string Sha256);

/// <summary>A checkpoint on disk.</summary>
/// <param name="Path">Absolute path of its folder.</param>
/// <param name="Step">The optimizer step in its name.</param>
public sealed record CheckpointFolder(string Path, long Step);
