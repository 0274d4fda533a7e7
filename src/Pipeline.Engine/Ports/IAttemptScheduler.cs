namespace Pipeline.Engine.Ports;

/// <summary>
/// Fires attempts when they are due. It holds nothing that the journal does not: an engine that was started anew
/// schedules again from the plan. Here is where another workflow engine would be driven.
/// </summary>
public interface IAttemptScheduler
{
    /// <summary>
    /// Has the attempt performed once, as soon as the clock shows <paramref name="notBefore"/>. Two attempts of one
    /// stage instance are never performed at once: the later one waits. Waiting attempts take no thread. Once
    /// <see cref="Run"/> was cancelled it does nothing: the next engine has the same plan.
    /// </summary>
    Task Schedule(AttemptKey attempt, DateTimeOffset notBefore);

    /// <summary>Takes back an attempt that waits for its time, and cancels the token of one that is being performed; nothing, after the end.</summary>
    Task Interrupt(AttemptKey attempt);

    /// <summary>Performs due attempts with <paramref name="perform"/> until cancelled; then cancels their tokens and waits for them.</summary>
    Task Run(Func<AttemptKey, CancellationToken, Task> perform, CancellationToken cancellation);
}
