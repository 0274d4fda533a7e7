using Pipeline.Engine.Ports;
using Pipeline.Protocol.Jobs;
using Pipeline.Spec.Resolved;

namespace Pipeline.Executors;

/// <summary>Hands each job to the executor that its stage names.</summary>
/// <param name="executors">What there is.</param>
public sealed class ExecutorsByName(IReadOnlyDictionary<ExecutorName, IExecutor> executors) : IExecutor
{
    /// <inheritdoc/>
    public Task Submit(JobRequest job, CancellationToken cancellation) =>
        executors[job.Handle.Executor].Submit(job, cancellation);

    /// <inheritdoc/>
    /// <remarks>The executors are asked at the same time; one that does not answer leaves only its own jobs unknown.</remarks>
    public async Task<IReadOnlyDictionary<string, JobStatus>> Poll(IReadOnlyCollection<JobHandle> jobs, CancellationToken cancellation)
    {
        var asked = jobs.GroupBy(job => job.Executor).Select(group => Ask(group.Key, [.. group])).ToList();
        if (asked is [var only]) return await only; // whoever asked hears its own words, if it cannot answer
        var answers = new Dictionary<string, JobStatus>();
        foreach (var answer in asked)
        {
            try
            {
                foreach (var (name, status) in await answer) answers[name] = status;
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                foreach (var job in jobs) answers.TryAdd(job.Name, new(JobPhase.Unknown, Detail: error.Message));
            }
        }
        return answers;

        Task<IReadOnlyDictionary<string, JobStatus>> Ask(ExecutorName name, IReadOnlyCollection<JobHandle> group) =>
            executors[name].Poll(group, cancellation);
    }

    /// <inheritdoc/>
    public Task Stop(JobHandle job, ExitAsked askedBy, CancellationToken cancellation) =>
        executors[job.Executor].Stop(job, askedBy, cancellation);
}
