using System.Security.Cryptography;
using System.Text;

namespace Pipeline.Protocol.Artifacts;

/// <summary>The content hash of an artifact: equal for equal content, wherever and whenever it was written.</summary>
/// <remarks>
/// A file: SHA-256 of its bytes. A folder: SHA-256 over one line a file, <c>relative path, tab, size, tab, SHA-256</c>,
/// sorted by ordinal path with forward slashes. Written as <c>sha256:</c> and 64 hexadecimal digits.
/// </remarks>
public static class ArtifactDigest
{
    /// <summary>The digest of the file or folder at <paramref name="path"/>.</summary>
    /// <exception cref="FileNotFoundException">There is nothing at that path.</exception>
    public static string Of(string path)
    {
        if (File.Exists(path)) return "sha256:" + OfFile(path);
        if (!Directory.Exists(path)) throw new FileNotFoundException($"There is no artifact at {path}.", path);

        var listing = new StringBuilder();
        foreach (var (name, file) in Files(path))
            listing.Append(name).Append('\t').Append(new FileInfo(file).Length).Append('\t').Append(OfFile(file)).Append('\n');
        return "sha256:" + Hex(SHA256.HashData(Encoding.UTF8.GetBytes(listing.ToString())));
    }

    private static IEnumerable<(string Name, string File)> Files(string folder) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(file => (Name: Path.GetRelativePath(folder, file).Replace('\\', '/'), File: file))
            .OrderBy(entry => entry.Name, StringComparer.Ordinal);

    private static string OfFile(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        return Hex(SHA256.HashData(stream));
    }

    private static string Hex(byte[] hash) => Convert.ToHexStringLower(hash);
}
