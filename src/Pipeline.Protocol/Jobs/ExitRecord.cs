using System.Text.Json.Serialization;

namespace Pipeline.Protocol.Jobs;

/// <summary><c>exit.json</c>, written by the shim when the stage's whole process tree is gone.</summary>
/// <param name="Code">The exit code; null if a signal ended it, or if nobody saw how it ended (its shim was killed).</param>
/// <param name="Signal">The signal that ended it, such as 9; null if it exited by itself, or if nobody saw.</param>
/// <param name="AskedBy">Who asked it to end.</param>
/// <param name="PeakMemoryBytes">Largest resident set of the stage's process.</param>
/// <param name="CpuSeconds">Processor time of user and system together.</param>
/// <param name="Time">When it ended, UTC.</param>
/// <param name="Message">What the rest does not tell, for a person: why the stage could not start, what a cluster says of its job.</param>
public sealed record ExitRecord(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] int? Code, // required by the reader, so written even if null
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] int? Signal,
    ExitAsked AskedBy,
    long PeakMemoryBytes,
    double CpuSeconds,
    DateTimeOffset Time,
    string? Message = null);

/// <summary>Who asked a job to end.</summary>
public enum ExitAsked
{
    /// <summary>Nobody; it ended by itself.</summary>
    Nobody,

    /// <summary>The engine, on behalf of a person's cancel.</summary>
    Cancel,

    /// <summary>The wall-clock limit.</summary>
    WallLimit,

    /// <summary>The heartbeat was older than its limit.</summary>
    Stalled,

    /// <summary>The memory limit; the tree was killed without grace.</summary>
    MemoryLimit,
}

/// <summary>Exit codes of a stage program. The numbers are those of BSD's sysexits.h.</summary>
public static class StageExit
{
    /// <summary>Done; <c>result.json</c> is present.</summary>
    public const int Done = 0;

    /// <summary>An error of the program or of the machine (EX_SOFTWARE).</summary>
    public const int Internal = 70;

    /// <summary>Interrupted after a checkpoint; start me again (EX_TEMPFAIL).</summary>
    public const int Interrupted = 75;

    /// <summary>The configuration or an input is wrong; starting again cannot help (EX_CONFIG).</summary>
    public const int Config = 78;
}
