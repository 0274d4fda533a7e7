using System.Text;
using Pipeline.Protocol.Jobs;

namespace Pipeline.FakeStage;

/// <summary>
/// Who worked when, for "started twice": one line an event, by every stage of a test into one file. A stage that finds
/// an earlier attempt of its instance alive adds a line <c>overlap</c>.
/// </summary>
internal static class Ledger
{
    /// <summary>The environment variable that names the file.</summary>
    private const string EnvironmentVariable = "FAKE_STAGE_LEDGER";

    public static void Append(string what, JobFile job)
    {
        if (Environment.GetEnvironmentVariable(EnvironmentVariable) is not { Length: > 0 } path) return;
        using var file = OpenAlone(path);
        var text = new byte[file.Length];
        file.ReadExactly(text);
        var facts = $"{job.Run} {job.Instance} {job.Attempt} {Environment.ProcessId} {Started(Environment.ProcessId)}\n";
        if (what == "start" && AnotherIsAlive(Encoding.UTF8.GetString(text), job)) what = $"overlap {facts}start";
        file.Write(Encoding.UTF8.GetBytes($"{what} {facts}"));
    }

    private static FileStream OpenAlone(string path)
    {
        while (true)
        {
            try { return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None); }
            catch (IOException) { Thread.Sleep(1); } // another stage has it, for microseconds
        }
    }

    private static bool AnotherIsAlive(string ledger, JobFile job) =>
        ledger.Split('\n').Select(line => line.Split(' ')).Any(fields =>
            fields is ["start", var run, var instance, _, var pid, var started]
            && run == job.Run && instance == job.Instance && Started(int.Parse(pid)) == started);

    /// <summary>When a living process started, in clock ticks since boot; empty for none or a zombie.</summary>
    private static string Started(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' '); // from field 3, the state
            return fields[0] is "Z" or "X" ? "" : fields[19];
        }
        catch (IOException) { return ""; }
    }
}
