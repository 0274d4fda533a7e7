using System.Globalization;

namespace Pipeline.Executors.Local;

/// <summary>What <c>/proc/PID/stat</c> says about a process, see proc_pid_stat(5).</summary>
/// <param name="Pid">Its number.</param>
/// <param name="Parent">Number of its parent.</param>
/// <param name="Dead">It has ended and waits for its parent to take note.</param>
/// <param name="Start">When it started, in clock ticks since boot.</param>
internal readonly record struct ProcessStat(int Pid, int Parent, bool Dead, long Start)
{
    /// <summary>The process of that number; null if there is none.</summary>
    public static ProcessStat? Read(int pid)
    {
        try { return Parse(File.ReadAllText(Invariant($"/proc/{pid}/stat"))); }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException) { return null; }
    }

    /// <summary>Every process of the machine.</summary>
    public static IEnumerable<ProcessStat> All() =>
        Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                ? Read(pid) : null)
            .OfType<ProcessStat>();

    /// <summary>Reads one line of the file. The second field is the program's name and may hold spaces and parentheses.</summary>
    internal static ProcessStat Parse(string line)
    {
        var fields = line[(line.LastIndexOf(')') + 2)..].Split(' '); // fields[0] is field 3, the state
        return new(
            Pid: int.Parse(line.AsSpan(0, line.IndexOf(' ')), CultureInfo.InvariantCulture),
            Parent: int.Parse(fields[1], CultureInfo.InvariantCulture),
            Dead: fields[0] is "Z" or "X" && fields[17] is "0" or "1", // others than the first thread may live on
            Start: long.Parse(fields[19], CultureInfo.InvariantCulture));
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
