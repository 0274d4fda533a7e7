using Pipeline.Engine.Ports;
using Pipeline.Protocol.Jobs;

namespace Pipeline.Engine.Folders;

/// <summary>
/// An executor in the hands of the engine that holds the lock, and of nobody else. A process that was stopped for minutes
/// and wakes in the middle of a launch finds out here that another engine decides now.
/// </summary>
public sealed class LockedExecutor(IExecutor executor, EngineLock held) : IExecutor
{
    /// <inheritdoc/>
    public Task Submit(JobRequest job, CancellationToken cancellation) => Ours().Submit(job, cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, JobStatus>> Poll(IReadOnlyCollection<JobHandle> jobs, CancellationToken cancellation) =>
        Ours().Poll(jobs, cancellation);

    /// <inheritdoc/>
    public Task Stop(JobHandle job, ExitAsked askedBy, CancellationToken cancellation) => Ours().Stop(job, askedBy, cancellation);

    private IExecutor Ours() => held.IsHeld ? executor : throw new EngineException(
        EngineErrors.EngineReplaced, "This engine was silent for too long and another one has taken over; jobs are that one's now.");
}
