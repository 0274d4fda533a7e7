using System.Text;
using Pipeline.Protocol.Jobs;

namespace Pipeline.Executors.Local;

/// <summary>Which processes belong to a job.</summary>
internal static class ProcessTree
{
    /// <summary>Every living process below <paramref name="pid"/>, without itself.</summary>
    public static IReadOnlyList<int> Below(int pid) => Below([pid], [.. ProcessStat.All()]);

    /// <summary>
    /// The living processes of a job whose shim is dead. They have been handed to init, so their parents say nothing;
    /// but each was born with the job's file in its environment.
    /// </summary>
    public static IReadOnlyList<int> OfJob(AttemptFolder folder)
    {
        var mark = Encoding.UTF8.GetBytes($"{JobFile.EnvironmentVariable}={folder.Job}\0");
        var all = ProcessStat.All().ToArray();
        int[] marked = [.. all.Where(process => !process.Dead && Environment(process.Pid).AsSpan().IndexOf(mark) >= 0).Select(p => p.Pid)];
        return [.. marked.Union(Below(marked, all))];
    }

    /// <summary>
    /// Memory that the processes hold for themselves, in bytes: what the kernel's out-of-memory killer would count, without
    /// the pages of mapped files.
    /// </summary>
    public static long MemoryOf(IEnumerable<int> pids) => pids.Sum(pid =>
        Lines($"/proc/{pid}/status")
            .Where(line => line.StartsWith("RssAnon:", StringComparison.Ordinal) || line.StartsWith("RssShmem:", StringComparison.Ordinal))
            .Sum(line => long.Parse(line.Split(' ', '\t').First(word => word.Length > 0 && char.IsAsciiDigit(word[0]))) * 1024));

    /// <summary>Sends <paramref name="signal"/> to each.</summary>
    public static void Signal(IEnumerable<int> pids, int signal)
    {
        foreach (var pid in pids) Posix.Signal(pid, signal);
    }

    private static List<int> Below(IReadOnlyCollection<int> roots, IReadOnlyCollection<ProcessStat> all)
    {
        var children = all.ToLookup(process => process.Parent);
        var found = new List<int>();
        var next = new Queue<int>(roots);
        while (next.TryDequeue(out var parent))
        {
            foreach (var child in children[parent])
            {
                next.Enqueue(child.Pid);
                if (!child.Dead) found.Add(child.Pid);
            }
        }
        return found;
    }

    private static byte[] Environment(int pid)
    {
        try { return File.ReadAllBytes($"/proc/{pid}/environ"); }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException) { return []; } // gone, or another user's
    }

    private static string[] Lines(string path)
    {
        try { return File.ReadAllLines(path); }
        catch (IOException) { return []; }
    }
}
