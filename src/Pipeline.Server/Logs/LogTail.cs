using System.Buffers;
using System.Text;

namespace Pipeline.Server.Logs;

/// <summary>Part of a log as text.</summary>
/// <param name="Attempt">The attempt that wrote it.</param>
/// <param name="Size">Bytes in the whole file.</param>
/// <param name="Start">Where <paramref name="Text"/> begins, in bytes.</param>
/// <param name="End">Where it ends; ask from here on to follow.</param>
/// <param name="Text">Whole lines, except where one line is longer than all that was asked for.</param>
internal sealed record LogPart(int Attempt, long Size, long Start, long End, string Text);

/// <summary>Reads a part of a log without reading the rest: a log of a gigabyte opens as fast as one of a kilobyte.</summary>
internal static class LogTail
{
    /// <summary>At most <paramref name="limit"/> bytes of whole lines.</summary>
    /// <param name="file">The log; null if nothing was written yet.</param>
    /// <param name="attempt">The attempt that writes it.</param>
    /// <param name="growing">Whether more may come: then a line that is still being written is left for later.</param>
    /// <param name="offset">Where to begin, in bytes; null for the end of the file.</param>
    /// <param name="limit">Bytes at most, at least 4.</param>
    public static LogPart Read(Stream? file, int attempt, bool growing, long? offset, int limit)
    {
        if (file is null) return new LogPart(attempt, 0, 0, 0, "");
        var size = file.Length;
        var start = Math.Clamp(offset ?? size - limit, 0, size);
        file.Position = start;
        var bytes = new byte[(int)Math.Min(limit, size - start)];
        var part = bytes.AsSpan(0, file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));

        var skipped = offset is null && start > 0 ? part.IndexOf((byte)'\n') + 1 : 0; // begin with a whole line
        part = part[skipped..];
        var end = part.LastIndexOf((byte)'\n') + 1;
        var reachesTheEnd = start + skipped + part.Length == size;
        if (end > 0 && (growing || !reachesTheEnd)) part = part[..end];
        else if (growing && reachesTheEnd) part = [];
        else part = part[..WholeCharacters(part)];
        return new LogPart(attempt, size, start + skipped, start + skipped + part.Length, Encoding.UTF8.GetString(part));
    }

    /// <summary>At most <paramref name="limit"/> bytes of whole lines that end before byte <paramref name="end"/>.</summary>
    public static LogPart ReadBefore(Stream? file, int attempt, long end, int limit)
    {
        if (file is null) return new LogPart(attempt, 0, 0, 0, "");
        end = Math.Min(end, file.Length);
        var start = Math.Max(0, end - limit);
        file.Position = start;
        var bytes = new byte[(int)(end - start)];
        var part = bytes.AsSpan(0, file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
        var skipped = start > 0 ? part.IndexOf((byte)'\n') + 1 : 0;
        return new LogPart(attempt, file.Length, start + skipped, end, Encoding.UTF8.GetString(part[skipped..]));
    }

    // A line longer than the limit is cut, but never within a character of up to four bytes.
    private static int WholeCharacters(ReadOnlySpan<byte> text)
    {
        var start = text.Length - 1;
        while (start > 0 && start > text.Length - 4 && (text[start] & 0b1100_0000) == 0b1000_0000) start--;
        return start >= 0 && Rune.DecodeFromUtf8(text[start..], out _, out _) == OperationStatus.NeedMoreData ? start : text.Length;
    }
}
