using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Pipeline.Protocol;

/// <summary>
/// Writes files that are there whole or not at all: to a temporary name beside the target, flushed to the disk,
/// renamed over it, and the folder flushed as well.
/// </summary>
public static partial class WholeFile
{
    /// <summary>Replaces <paramref name="path"/> with <paramref name="text"/> as UTF-8.</summary>
    public static void WriteText(string path, string text) => Write(path, Encoding.UTF8.GetBytes(text));

    /// <summary>Replaces <paramref name="path"/> with <paramref name="record"/> as indented JSON.</summary>
    public static void WriteJson<T>(string path, T record) =>
        Write(path, JsonSerializer.SerializeToUtf8Bytes(record, ProtocolJson.Indented));

    /// <summary>Replaces <paramref name="path"/> with <paramref name="bytes"/>.</summary>
    /// <exception cref="IOException">The disk is full or the folder cannot be written; the old file is untouched.</exception>
    public static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        var partial = $"{path}.{Environment.ProcessId}-{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(partial, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                stream.Write(bytes);
                stream.Flush(flushToDisk: true);
            }
            File.Move(partial, path, overwrite: true);
        }
        catch
        {
            File.Delete(partial);
            throw;
        }
        FlushFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>
    /// Replaces a file that is rewritten every few seconds and may be lost with the machine (a heartbeat, a lease):
    /// whole or not at all, but not forced to the disk.
    /// </summary>
    public static void Refresh(string path, string text)
    {
        var partial = $"{path}.{Environment.ProcessId}.tmp";
        File.WriteAllText(partial, text);
        File.Move(partial, path, overwrite: true);
    }

    /// <summary>Makes the renames and creations in a folder survive a power cut. .NET has no call for it.</summary>
    public static void FlushFolder(string folder)
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsMacOS()) return;
        var descriptor = Open(folder, 0);
        if (descriptor < 0) throw new IOException($"Cannot open the folder {folder} to flush it (errno {Marshal.GetLastPInvokeError()}).");
        try
        {
            // Some network file systems refuse to flush a folder (EINVAL); their renames are durable by themselves.
            const int invalidArgument = 22;
            if (Flush(descriptor) != 0 && Marshal.GetLastPInvokeError() is var error and not invalidArgument)
                throw new IOException($"Cannot flush the folder {folder} (errno {error}).");
        }
        finally { _ = Close(descriptor); }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Flush(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
