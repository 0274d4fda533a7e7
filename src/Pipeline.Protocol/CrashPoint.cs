using System.Diagnostics;

namespace Pipeline.Protocol;

/// <summary>
/// Named places before and after everything that lasts. A test starts a program with
/// <c>PIPELINE_CRASH_AT=name[:n]</c> and it is killed, as by <c>kill -9</c>, when it reaches that place for the n-th time.
/// </summary>
/// <remarks>
/// An environment variable and not a build constant: what is killed in tests is the program that users run, and children
/// inherit the wish. It is read once; unarmed, a place costs the comparison of a field with null. Each plane lists its
/// places: <c>EngineCrashPoints</c>, <c>LocalCrashPoints</c>, <c>StageCrashPoints</c>.
/// </remarks>
public static class CrashPoint
{
    /// <summary>The environment variable that arms one point.</summary>
    public const string EnvironmentVariable = "PIPELINE_CRASH_AT";

    private static readonly string? Armed = Environment.GetEnvironmentVariable(EnvironmentVariable);
    private static readonly string? ArmedName = Armed?.Split(':')[0];
    private static int _passes = Armed?.Split(':') is [_, var count] ? int.Parse(count, System.Globalization.CultureInfo.InvariantCulture) : 1;

    /// <summary>Whether a point is armed at all; guards the making of a name.</summary>
    public static bool IsArmed => Armed is not null;

    /// <summary>The names of the places before and after each of <paramref name="points"/>.</summary>
    public static IEnumerable<string> Around(params IEnumerable<string> points) =>
        from point in points from side in (string[])["before", "after"] select $"{point}-{side}";

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
