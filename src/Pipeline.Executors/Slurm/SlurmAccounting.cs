using System.Globalization;

namespace Pipeline.Executors.Slurm;

/// <summary>
/// Asks for and reads what <c>sacct</c> prints as lines: its JSON says SUCCESS of jobs that failed.
/// </summary>
internal static class SlurmAccounting
{
    /// <summary>Arguments for one job: its own line alone, none for steps; also earlier jobs of the same number.</summary>
    public static IReadOnlyList<string> Arguments(long id) =>
        ["--allocations", "--parsable2", "--noheader", "--duplicates", $"--jobs={id}", "--format=JobIDRaw,JobName,State,ExitCode,End"];

    /// <summary>
    /// How the job of that number and name ended; null if the accounting does not know. A row without an end is none: after
    /// an outage of the accounting it reads FAILED for some seconds, and RUNNING for ever if the controller lost the job.
    /// </summary>
    public static SlurmJob? Read(string lines, long id, string name) => lines
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split('|'))
        .Where(fields => fields is [var number, _, _, _, var end]
            && number == id.ToString(CultureInfo.InvariantCulture) && fields[1] == name && end.Trim() is not ("Unknown" or ""))
        .Select(fields => Job(id, name, fields[2], fields[3]))
        .LastOrDefault(job => job.IsFinal);

    /// <summary>From <c>CANCELLED by 1000</c> and <c>0:15</c>.</summary>
    private static SlurmJob Job(long id, string name, string state, string exit)
    {
        var numbers = exit.Split(':');
        var (code, signal) = (Number(numbers[0]), Number(numbers[^1]));
        return new(id, name, state.Split(' ')[0], "", signal > 0 ? null : code, signal > 0 ? signal : null, Submitted: 0);
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
