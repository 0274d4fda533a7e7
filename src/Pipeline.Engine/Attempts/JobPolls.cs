using Pipeline.Engine.Ports;
using Pipeline.Protocol;
using Serilog;

namespace Pipeline.Engine.Attempts;

/// <summary>Asks the executor about all watched jobs in one call, again and again, and tells each watcher about its own.</summary>
internal sealed class JobPolls(IExecutor executor, TimeProvider time, TimeSpan interval, ILogger log)
{
    // Asking may take a tenth of the time: squeue answers in a second where /proc answers in microseconds.
    private const int RestPerWork = 9;

    // Jobs of which nothing was heard for long are asked about less often: whoever ran for an hour can wait 200 ms for its successor.
    private const int QuietPerRest = 100;
    private const int LongestRest = 20; // intervals

    private readonly Lock _turn = new();
    private readonly Dictionary<string, JobPhase> _phases = [];
    private long _lastChange = time.GetTimestamp();
    private bool _unreachable;
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
                var quiet = Shorter(time.GetElapsedTime(_lastChange) / QuietPerRest, interval * LongestRest);
                rest = Longer(interval, Longer(quiet, time.GetElapsedTime(begin) * RestPerWork));
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
            foreach (var (name, (_, answer)) in batch)
            {
                var status = statuses.GetValueOrDefault(name) ?? NoAnswer;
                Note(name, status.Phase);
                answer.TrySetResult(status);
            }
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
            CrashPoint.Before("poll");
            var statuses = await executor.Poll(jobs, cancellation);
            CrashPoint.After("poll");
            if (_unreachable) log.Information("The executor answers again");
            _unreachable = false;
            return statuses;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // Unreachable is not dead: whoever asked learns nothing and asks again. Said once, not fifty times a second.
            if (!_unreachable) log.Warning(error, "The executor could not be asked about {Jobs} jobs; asking again until it answers", jobs.Count);
            _unreachable = true;
            return new Dictionary<string, JobStatus>();
        }
    }

    private void Note(string job, JobPhase phase)
    {
        if (_phases.TryGetValue(job, out var before) && before == phase) return;
        _lastChange = time.GetTimestamp();
        if (phase is JobPhase.Exited or JobPhase.Gone) _phases.Remove(job);
        else _phases[job] = phase;
    }

    private static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
