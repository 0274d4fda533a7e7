using System.Text;

namespace Pipeline.Server.Logs;

/// <summary>A line of a log in which something was found.</summary>
/// <param name="Attempt">The attempt that wrote it.</param>
/// <param name="Stream">stdout, or stderr.</param>
/// <param name="Offset">Where the line begins, in bytes.</param>
/// <param name="Text">The line; a long one is cut.</param>
internal sealed record LogLine(int Attempt, string Stream, long Offset, string Text);

/// <summary>What was found.</summary>
/// <param name="Lines">The lines, oldest first.</param>
/// <param name="More">Whether there are more than were asked for.</param>
internal sealed record LogMatches(IReadOnlyList<LogLine> Lines, bool More);

/// <summary>Looks through a log for a text, a block in memory at a time.</summary>
internal static class LogSearch
{
    private const int BlockBytes = 1 << 20; // also the longest line that is looked at whole
    private const int ShownCharacters = 400;

    /// <summary>The lines that hold <paramref name="text"/>, in upper or lower case.</summary>
    public static IEnumerable<LogLine> In(Stream log, int attempt, string stream, string text)
    {
        var block = new byte[BlockBytes];
        var (start, filled) = (0L, 0); // where the block begins in the file, and how much of it is read
        while (true)
        {
            var read = log.ReadAtLeast(block.AsSpan(filled), block.Length - filled, throwOnEndOfStream: false);
            filled += read;
            if (filled == 0) yield break;
            var whole = Array.LastIndexOf(block, (byte)'\n', filled - 1) + 1;
            if (whole == 0 || read == 0) whole = filled; // the end of the log, or a line longer than the block
            for (var line = 0; line < whole;)
            {
                var end = Array.IndexOf(block, (byte)'\n', line, whole - line);
                if (end < 0) end = whole;
                var words = Encoding.UTF8.GetString(block, line, end - line);
                if (words.Contains(text, StringComparison.OrdinalIgnoreCase))
                    yield return new LogLine(attempt, stream, start + line, words.Length > ShownCharacters ? words[..ShownCharacters] + "…" : words);
                line = end + 1;
            }
            Buffer.BlockCopy(block, whole, block, 0, filled - whole);
            (start, filled) = (start + whole, filled - whole);
        }
    }
}
