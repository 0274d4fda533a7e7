using Pipeline.Protocol;
using Pipeline.Training.Checkpoints;

namespace Pipeline.Stages.Hosting;

/// <summary>Every <see cref="CrashPoint"/> of a job; a test kills it at each.</summary>
public static class StageCrashPoints
{
    /// <summary>All names: those of checkpoints, and around each line of metrics and events, each output, and the result.</summary>
    public static IReadOnlyList<string> All { get; } = [.. CheckpointPlaces.All, .. CrashPoint.Around("metrics", "event", "output", "result")];
}
