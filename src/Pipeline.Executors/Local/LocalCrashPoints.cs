using Pipeline.Protocol;

namespace Pipeline.Executors.Local;

/// <summary>Every <see cref="CrashPoint"/> of jobs that are processes; a test kills the engine or the shim at each.</summary>
public static class LocalCrashPoints
{
    /// <summary>Where an engine is killed: around the pinning of a program, the order to a shim, its start, the wish that it stop.</summary>
    public static IReadOnlyList<string> Engine { get; } = [.. CrashPoint.Around("pin", "launch-order", "launch-shim", "stop-order")];

    /// <summary>Where the shim of a job is killed.</summary>
    public static IReadOnlyList<string> Shim { get; } = [.. CrashPoint.Around("shim-record", "shim-start", "shim-started", "shim-exit")];

    /// <summary>Where a shim is killed that takes over from one that was killed.</summary>
    public static IReadOnlyList<string> Adoption { get; } = [.. CrashPoint.Around("shim-adopt")];
}
