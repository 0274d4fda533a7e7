using System.Text;

namespace Pipeline.Cli.Output;

/// <summary>Reads what a stage printed, made safe for a terminal.</summary>
internal static class StageLog
{
    private const int TailBytes = 64 << 10;

    /// <summary>The last lines of a log file; none if there is no such file.</summary>
    public static IReadOnlyList<string> LastLines(string path, int count)
    {
        if (!File.Exists(path)) return [];
        using var file = Open(path);
        file.Seek(-Math.Min(TailBytes, file.Length), SeekOrigin.End);
        using var reader = new StreamReader(file, Encoding.UTF8);
        var lines = Printable.Of(reader.ReadToEnd()).TrimEnd('\n').Split('\n');
        return lines is [""] ? [] : lines.TakeLast(count).ToList();
    }

    /// <summary>Prints what has been added to a log file since <paramref name="offset"/>, and returns the new offset.</summary>
    /// <param name="path">The file; nothing is printed if it is not there.</param>
    /// <param name="offset">Where to begin, in bytes.</param>
    /// <param name="ended">Whether nobody writes to it any more. As long as somebody does, the last line is left until it is whole.</param>
    /// <param name="target">Where it is printed.</param>
    public static long Copy(string path, long offset, bool ended, TextWriter target)
    {
        if (!File.Exists(path)) return offset;
        using var file = Open(path);
        file.Seek(offset, SeekOrigin.Begin);
        var buffer = new byte[1 << 16];
        for (int read; (read = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false)) > 0;)
        {
            var lines = buffer.AsSpan(0, read).LastIndexOf((byte)'\n') + 1;
            // A line longer than the buffer is printed in pieces, as is the rest of a file that has ended.
            var whole = lines > 0 ? lines : ended || read == buffer.Length ? read : 0;
            if (whole == 0) break;
            target.Write(Printable.Of(Encoding.UTF8.GetString(buffer, 0, whole)));
            offset += whole;
            file.Seek(offset, SeekOrigin.Begin);
        }
        target.Flush();
        return offset;
    }

    private static FileStream Open(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
}
