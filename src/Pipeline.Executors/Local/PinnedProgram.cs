using System.Security.Cryptography;
using System.Text;
using Pipeline.Protocol;

namespace Pipeline.Executors.Local;

/// <summary>
/// A copy of a program's folder under the state folder, so that a rebuild does not pull it from under a running job.
/// Named by its content: the same build is pinned once.
/// </summary>
/// <param name="Folder">Absolute path of the copy.</param>
/// <param name="Digest">Names the build: <c>sha256:</c> over the names, sizes and, but for big native libraries, contents of its files.</param>
public sealed record PinnedProgram(string Folder, string Digest)
{
    // Native libraries are linked, not copied, and told apart by name and size: reading 500 MB at each run would be felt.
    // They come from a package and are never written in place, as a compiler may do with its output.
    private const long Big = 8 << 20;

    /// <summary>Pins the program in <paramref name="source"/>.</summary>
    /// <param name="source">Folder of the program.</param>
    /// <param name="state">The state folder.</param>
    /// <param name="exclude">A folder directly below <paramref name="source"/> that does not belong to the program; null for none.</param>
    /// <exception cref="IOException">The disk is full or the state folder cannot be written.</exception>
    public static PinnedProgram Pin(string source, string state, string? exclude = null)
    {
        var files = Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories)
            .Select(file => (Name: Path.GetRelativePath(source, file), Info: new FileInfo(file)))
            .Where(file => exclude is null || !file.Name.StartsWith(exclude + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            .OrderBy(file => file.Name, StringComparer.Ordinal)
            .ToList();
        var digest = DigestOf(files);
        var pinned = Path.Combine(FolderOf(state), digest[..16]);
        if (!Directory.Exists(pinned)) Copy(files, pinned);
        Directory.SetLastWriteTimeUtc(pinned, DateTime.UtcNow); // in use: see Prune
        return new(pinned, $"sha256:{digest}");
    }

    /// <summary>Deletes the pinned programs. Only while no run is under way; one that is just being submitted has pinned its program within the hour.</summary>
    public static void Prune(string state)
    {
        if (!Directory.Exists(FolderOf(state))) return;
        foreach (var folder in Directory.EnumerateDirectories(FolderOf(state)))
            if (DateTime.UtcNow - Directory.GetLastWriteTimeUtc(folder) > TimeSpan.FromHours(1)) Directory.Delete(folder, recursive: true);
    }

    private static string FolderOf(string state) => Path.Combine(state, "programs");

    private static string DigestOf(IEnumerable<(string Name, FileInfo Info)> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, info) in files)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{name}\t{info.Length}\n"));
            if (info.Length < Big) hash.AppendData(File.ReadAllBytes(info.FullName));
        }
        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }

    private static void Copy(IEnumerable<(string Name, FileInfo Info)> files, string target)
    {
        var partial = $"{target}.{Environment.ProcessId}.tmp";
        foreach (var (name, info) in files)
        {
            var copy = Path.Combine(partial, name);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            if (info.Length < Big || !HardLink.TryMake(info.FullName, copy)) info.CopyTo(copy); // another file system: copied as well
        }
        CrashPoint.Before("pin");
        try { Directory.Move(partial, target); }
        catch (IOException) when (Directory.Exists(target)) // another process was faster
        {
            Directory.Delete(partial, recursive: true);
        }
        WholeFile.FlushFolder(Path.GetDirectoryName(target)!);
        CrashPoint.After("pin");
    }
}
