using Pipeline.Engine.Ports;
using Serilog;

namespace Pipeline.Engine.Attempts;

/// <summary>Asks the executor about all watched jobs in one call, again and again, and tells each watcher about its own.</summary>
internal sealed class JobPolls(IExecutor executor, TimeProvider time, TimeSpan interval, ILogger log)
{
    // Asking may take a tenth of the time: squeue answers in a second where /proc answers in microseconds.
    private const int RestPerWork = 9;

    private readonly Lock _turn = new();
    private bool _ended;
    private Dictionary<string, (JobHandle Job, TaskCompletionSource<JobStatus> Answer)> _waiting = [];

    /// <summary>Where the job stands, as of a poll that begins after this call; cancelled when polling ends. One watcher a job.</summary>
    public Task<JobStatus> Next(JobHandle job)
    {
        var answer = new TaskCompletionSource<JobStatus>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_turn)
        {
            if (_ended) answer.SetCanceled();
            else _waiting[job.Name] = (job, answer);
        }
        return answer.Task;
    }

    public async Task Run(CancellationToken cancellation)
    {
        try
        {
            var rest = interval;
            while (true)
            {
                await Task.Delay(rest, time, cancellation);
                var begin = time.GetTimestamp();
                await AnswerAll(cancellation);
                var worked = time.GetElapsedTime(begin);
                rest = worked * RestPerWork > interval ? worked * RestPerWork : interval;
            }
        }
        finally
        {
            lock (_turn) _ended = true;
            foreach (var (_, answer) in _waiting.Values) answer.TrySetCanceled(CancellationToken.None);
        }
    }

    private async Task AnswerAll(CancellationToken cancellation)
    {
        Dictionary<string, (JobHandle Job, TaskCompletionSource<JobStatus> Answer)> batch;
        lock (_turn) (batch, _waiting) = (_waiting, []);
        if (batch.Count == 0) return;
        try
        {
            var statuses = await Poll([.. batch.Values.Select(entry => entry.Job)], cancellation);
            foreach (var (name, (_, answer)) in batch) answer.TrySetResult(statuses.GetValueOrDefault(name) ?? NoAnswer);
        }
        finally
        {
            foreach (var (_, answer) in batch.Values) answer.TrySetCanceled(CancellationToken.None); // only if polling ended
        }
    }

    private static JobStatus NoAnswer { get; } = new(JobPhase.Unknown, Detail: "The executor did not answer.");

    private async Task<IReadOnlyDictionary<string, JobStatus>> Poll(IReadOnlyCollection<JobHandle> jobs, CancellationToken cancellation)
    {
        try
        {
            return await executor.Poll(jobs, cancellation);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // Unreachable is not dead: whoever asked learns nothing and asks again.
            log.Warning(error, "The executor could not be asked about {Jobs} jobs", jobs.Count);
            return new Dictionary<string, JobStatus>();
        }
    }
}
