using System.Collections;
using System.Runtime.InteropServices;

namespace Pipeline.Datasets.Packing;

/// <summary>
/// Examples on the disk, read back one by one in any order: a dataset of any size is trained on with eight bytes a row in memory. The file
/// has no name once it is open, so a killed process leaves nothing behind; it is made anew on resume, from the same rows, and
/// row n is the same row.
/// </summary>
public sealed class TokenFile : IReadOnlyList<TokenExample>, IDisposable
{
    private readonly FileStream _file;
    private readonly List<long> _ends = [];

    private TokenFile(string folder)
    {
        var path = Path.Combine(folder, $"tokens-{Guid.NewGuid():N}.tmp");
        _file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16);
        File.Delete(path);
    }

    /// <summary>Number of examples.</summary>
    public int Count => _ends.Count;

    /// <summary>Reads an example.</summary>
    public TokenExample this[int index]
    {
        get
        {
            var start = index == 0 ? 0 : _ends[index - 1];
            var bytes = new byte[checked((int)(_ends[index] - start))];
            for (var read = 0; read < bytes.Length;)
            {
                var some = RandomAccess.Read(_file.SafeFileHandle, bytes.AsSpan(read), start + read);
                read += some > 0 ? some : throw new IOException("The file of tokenized rows has become shorter. Start the stage again.");
            }
            var length = bytes.Length / (sizeof(int) + sizeof(bool));
            return new TokenExample(
                MemoryMarshal.Cast<byte, int>(bytes.AsSpan(0, length * sizeof(int))).ToArray(),
                MemoryMarshal.Cast<byte, bool>(bytes.AsSpan(length * sizeof(int))).ToArray());
        }
    }

    /// <summary>Writes examples one after the other.</summary>
    /// <param name="examples">Enumerated once.</param>
    /// <param name="folder">Where there is room: five bytes a token. Not a file system in memory.</param>
    /// <exception cref="IOException">The disk is full.</exception>
    public static TokenFile Of(IEnumerable<TokenExample> examples, string folder)
    {
        var tokens = new TokenFile(folder);
        try
        {
            foreach (var example in examples)
            {
                tokens._file.Write(MemoryMarshal.AsBytes<int>(example.Ids));
                tokens._file.Write(MemoryMarshal.AsBytes<bool>(example.CompletionMask));
                tokens._ends.Add(tokens._file.Position);
            }
            tokens._file.Flush();
            return tokens;
        }
        catch
        {
            tokens.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public IEnumerator<TokenExample> GetEnumerator()
    {
        for (var index = 0; index < Count; index++) yield return this[index];
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
