using System.Globalization;

namespace Pipeline.Recovery.Tests;

/// <summary>What the fake stages noted about themselves: who started and ended when.</summary>
internal sealed class Ledger
{
    private readonly List<Line> _lines;

    private Ledger(List<Line> lines) => _lines = lines;

    public static Ledger Read(string path)
    {
        while (true)
        {
            try { return new([.. File.ReadAllLines(path).Select(Line.Parse)]); }
            catch (FileNotFoundException) { return new([]); }
            catch (IOException) { Thread.Yield(); } // a stage is writing, for microseconds
        }
    }

    /// <summary>Attempts that were started more than once. A stage notes an overlap if another attempt of it is alive.</summary>
    public IReadOnlyList<string> StartedTwice =>
    [
        .. Starts.GroupBy(line => (line.Run, line.Instance, line.Attempt)).Where(same => same.Count() > 1).Select(same => same.Key.ToString()),
        .. _lines.Where(line => line.What == "overlap").Select(line => $"{line} overlaps an earlier attempt"),
    ];

    /// <summary>Instances of a run that came to their end.</summary>
    public IReadOnlySet<string> Ended(string run) => _lines.Where(line => line.What == "end" && line.Run == run).Select(line => line.Instance).ToHashSet();

    public IEnumerable<Line> Starts => _lines.Where(line => line.What == "start");

    /// <summary>The stages that are alive now.</summary>
    public IReadOnlyList<Line> Alive => [.. Starts.Where(line => line.IsAlive)];

    /// <summary>One line.</summary>
    internal sealed record Line(string What, string Run, string Instance, int Attempt, int Pid, string Started)
    {
        public static Line Parse(string text) =>
            text.Split(' ') is [var what, var run, var instance, var attempt, var pid, var started]
                ? new(what, run, instance, int.Parse(attempt, CultureInfo.InvariantCulture), int.Parse(pid, CultureInfo.InvariantCulture), started)
                : throw new FormatException(text);

        public bool IsAlive => StartOf(Pid) == Started;

        /// <summary>The process's shim: its parent.</summary>
        public int Parent => int.Parse(Stat(Pid)!.Split(' ')[1], CultureInfo.InvariantCulture);

        private static string? StartOf(int pid) => Stat(pid)?.Split(' ') is { } fields && fields[0] is not ("Z" or "X") ? fields[19] : null;

        /// <summary>The fields of /proc/PID/stat from the third on; null if there is no such process.</summary>
        private static string? Stat(int pid)
        {
            try
            {
                var stat = File.ReadAllText($"/proc/{pid}/stat");
                return stat[(stat.LastIndexOf(')') + 2)..];
            }
            catch (IOException) { return null; }
        }
    }
}
