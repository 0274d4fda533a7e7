using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Pipeline.Hub;

/// <summary>A file of a repository, as the server lists it.</summary>
/// <param name="Path">Path in the repository, with forward slashes.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Hash">
/// 64 hexadecimal digits, SHA-256 of the content, for what is kept in large-file storage; else 40, the object id that git
/// gives it: SHA-1 of <c>blob SIZE\0</c> and the content.
/// </param>
public sealed record HubFile(string Path, long Size, string Hash)
{
    private const int DigitsOfSha256 = 64;

    /// <summary>Whether the content of the file at <paramref name="path"/> is this.</summary>
    public async Task<bool> IsAt(string path, CancellationToken cancellation)
    {
        if (new FileInfo(path) is not { Exists: true } found || found.Length != Size) return false;
        using var hash = Hash.Length == DigitsOfSha256 ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : GitHash();
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0, FileOptions.SequentialScan | FileOptions.Asynchronous);
        var buffer = new byte[1 << 20];
        for (int read; (read = await file.ReadAsync(buffer, cancellation)) > 0;) hash.AppendData(buffer, 0, read);
        return string.Equals(Convert.ToHexStringLower(hash.GetHashAndReset()), Hash, StringComparison.OrdinalIgnoreCase);
    }

    private IncrementalHash GitHash()
    {
#pragma warning disable CA5350 // git names its objects by SHA-1; it tells what was damaged, not what was forged
        var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
#pragma warning restore CA5350
        hash.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"blob {Size}\0")));
        return hash;
    }
}
