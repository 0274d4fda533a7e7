using Pipeline.Protocol;

namespace Pipeline.Executors.Slurm;

/// <summary>Every <see cref="CrashPoint"/> of jobs under Slurm; a test kills the engine at each.</summary>
public static class SlurmCrashPoints
{
    /// <summary>Around the submission of a held job, the record of its number, and its release.</summary>
    public static IReadOnlyList<string> All { get; } = [.. CrashPoint.Around("slurm-submit", "slurm-record", "slurm-release")];
}
