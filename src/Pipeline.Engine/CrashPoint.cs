using System.Diagnostics;

namespace Pipeline.Engine;

/// <summary>
/// Named places before and after everything that lasts. A test starts the program with
/// <c>PIPELINE_CRASH_AT=name[:n]</c> and it is killed, as by <c>kill -9</c>, when it reaches that place for the n-th time.
/// </summary>
public static class CrashPoint
{
    /// <summary>The environment variable that arms one point.</summary>
    public const string EnvironmentVariable = "PIPELINE_CRASH_AT";

    private static readonly string? Armed = Environment.GetEnvironmentVariable(EnvironmentVariable);
    private static readonly string? ArmedName = Armed?.Split(':')[0];
    private static int _passes = Armed?.Split(':') is [_, var count] ? int.Parse(count) : 1;

    /// <summary>All names, for a test that visits every one.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. from point in (string[])
           [
               "append-RunSubmitted", "append-RunCancelRequested", "append-RunResumed", "append-StageCached",
               "append-AttemptIntended", "append-AttemptStarted", "append-AttemptAttached", "append-CheckpointRecorded",
               "append-AlarmRaised", "append-AttemptSucceeded", "append-AttemptFailed", "append-RetryScheduled",
               "append-RunSucceeded", "append-RunFailed", "append-RunCancelled",
               "prepare", "submit", "stop", "verify", "prune",
           ]
           from side in (string[])["before", "after"]
           select $"{point}-{side}",
    ];

    /// <summary>Whether a point is armed at all; guards the making of a name.</summary>
    public static bool IsArmed => Armed is not null;

    /// <summary>Before <paramref name="name"/> is done: <c>name-before</c>.</summary>
    public static void Before(string name)
    {
        if (IsArmed) Reach(name + "-before");
    }

    /// <summary>After <paramref name="name"/> was done: <c>name-after</c>.</summary>
    public static void After(string name)
    {
        if (IsArmed) Reach(name + "-after");
    }

    /// <summary>Dies here if this is the armed point and its turn has come.</summary>
    public static void Reach(string name)
    {
        if (!IsArmed || name != ArmedName || Interlocked.Decrement(ref _passes) != 0) return;
        using var self = Process.GetCurrentProcess();
        self.Kill();
        Thread.Sleep(Timeout.Infinite); // the signal is on its way; nothing more may happen here
    }
}
