namespace Pipeline.Training.Storage;

/// <summary>Files that are there whole or not at all, also after a power cut.</summary>
internal static class DurableFile
{
    private const int NoSpaceLeft = 28; // ENOSPC, in the low half of the HResult on Unix

    /// <summary>
    /// Writes beside the target, flushes to the disk, then renames: a reader sees the old file or the new one,
    /// and a failure leaves the old one.
    /// </summary>
    /// <exception cref="TrainingException">The disk is full.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        var partial = $"{path}.tmp-{Environment.ProcessId}";
        try
        {
            WriteInPlace(partial, write);
            File.Move(partial, path, overwrite: true);
            DirectorySync.Flush(Path.GetDirectoryName(Path.GetFullPath(path))!);
        }
        catch
        {
            File.Delete(partial);
            throw;
        }
    }

    /// <summary>Writes and flushes to the disk; for files in a folder that is itself renamed when complete.</summary>
    /// <exception cref="TrainingException">The disk is full.</exception>
    public static void WriteInPlace(string path, Action<Stream> write)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1 << 16);
            write(file);
            file.Flush(flushToDisk: true);
        }
        catch (IOException e) when ((e.HResult & 0xFFFF) == NoSpaceLeft)
        {
            throw new TrainingException(TrainingErrors.DiskFull, $"{path}: the disk is full. Free some space and start again; what was written before is intact.", e);
        }
    }
}
