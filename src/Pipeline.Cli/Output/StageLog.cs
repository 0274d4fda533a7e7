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
    public static long Copy(string path, long offset, TextWriter target)
    {
        if (!File.Exists(path)) return offset;
        using var file = Open(path);
        if (file.Length <= offset) return offset;
        file.Seek(offset, SeekOrigin.Begin);
        using var reader = new StreamReader(file, Encoding.UTF8);
        var buffer = new char[1 << 14];
        for (int read; (read = reader.Read(buffer)) > 0;) target.Write(Printable.Of(new string(buffer, 0, read)));
        target.Flush();
        return file.Position;
    }

    private static FileStream Open(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
}
