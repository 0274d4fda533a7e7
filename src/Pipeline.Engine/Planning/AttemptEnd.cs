using Pipeline.Protocol.Jobs;
using Pipeline.Spec.Resolved;

namespace Pipeline.Engine.Planning;

/// <summary>What became of a job: done, or a class of failure and a sentence about it.</summary>
/// <param name="Failure">Why it did not succeed; null: it did.</param>
/// <param name="Message">What happened, for a person.</param>
/// <param name="Code">Stable code, for failures that have one.</param>
public sealed record AttemptEnd(FailureClass? Failure, string Message, string? Code = null)
{
    private const int SigKill = 9;

    // The kernel kills at the limit, and the last sample of a process is a little below it.
    private const double AtTheLimit = 0.95;

    /// <summary>The first column of the table of failures in the stage protocol.</summary>
    /// <param name="exit">The shim's record; null if the job is gone without one.</param>
    /// <param name="hasResult">Whether a result with the attempt's own token is there. It is written last, so it means done.</param>
    /// <param name="resources">What the job was given.</param>
    public static AttemptEnd Of(ExitRecord? exit, bool hasResult, StageResources resources)
    {
        // Whatever happened to the process afterwards: a library that aborts while it is unloaded, our own SIGTERM.
        if (hasResult) return new(null, "Done.");
        if (exit is null) return new(FailureClass.NodeFailure, "The job is gone and left no exit record: its machine or its shim died.");

        return exit switch
        {
            { AskedBy: ExitAsked.Cancel } => new(
                FailureClass.Cancelled, exit.Message ?? "Stopped because the run was cancelled, or another instance of the stage failed."),
            { AskedBy: ExitAsked.Stalled } => new(FailureClass.Stalled, "Stopped because its heartbeat had stopped."),
            { AskedBy: ExitAsked.WallLimit } => new(
                FailureClass.Timeout, exit.Message ?? $"Stopped at its wall-clock limit of {resources.TimeoutSeconds:0.#} s; raise resources.timeout."),
            { AskedBy: ExitAsked.MemoryLimit } => OutOfMemory(exit, resources),
            { Code: StageExit.Config } => new(
                FailureClass.Config, exit.Message ?? "The stage says that its configuration or an input is wrong (exit 78); its log says what."),
            { Code: StageExit.Interrupted } => new(FailureClass.Interrupted, exit.Message ?? "Interrupted after a checkpoint (exit 75)."),
            { Code: StageExit.Done } => new(
                FailureClass.Failed, "It exited with 0 but left no result.json of this attempt.", EngineErrors.ResultMissing),
            { Code: { } code } => new(FailureClass.Failed, exit.Message ?? $"It exited with {code}; its log says why."),
            { Signal: SigKill } when resources.MemoryBytes is { } limit && exit.PeakMemoryBytes >= AtTheLimit * limit =>
                OutOfMemory(exit, resources),
            { Signal: { } signal } => new(FailureClass.NodeFailure, $"Killed by signal {signal}, which was not ours."),
            _ => new(FailureClass.NodeFailure, exit.Message ?? "It ended unseen: its shim was killed."),
        };
    }

    private static AttemptEnd OutOfMemory(ExitRecord exit, StageResources resources) => new(
        FailureClass.OutOfMemory, exit.Message ??
        $"It met its memory limit of {resources.MemoryBytes / 1e9:0.##} GB (peak {exit.PeakMemoryBytes / 1e9:0.##} GB); " +
        "raise resources.memory or lower the batch size.");
}
