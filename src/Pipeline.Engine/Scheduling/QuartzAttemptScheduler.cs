using System.Collections.Concurrent;
using System.Globalization;
using Pipeline.Engine.Ports;
using Quartz;
using Quartz.Extensibility;

namespace Pipeline.Engine.Scheduling;

/// <summary>
/// Fires attempts by Quartz.NET, from its store in memory: what it holds is lost with the process and scheduled again
/// from the plan.
/// </summary>
/// <remarks>
/// One job key a stage instance, which may not be executed twice at once; one trigger an attempt. An attempt is
/// identified by its trigger's data and not by keys, which Quartz changes when it recovers a firing. Quartz's own
/// retries, continuations and history stay unused: the journal has them.
/// </remarks>
public sealed class QuartzAttemptScheduler : IAttemptScheduler
{
    // A waiting attempt takes a place but no thread, so this only has to be more than anybody watches at once.
    private const int MaxConcurrency = 10_000;

    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<AttemptKey, CancellationTokenSource> _performed = new();
    private readonly TaskCompletionSource<IScheduler> _scheduler = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _ended;

    /// <summary>A scheduler; attempts are fired once <see cref="Run"/> is called.</summary>
    public QuartzAttemptScheduler(TimeProvider time) => _time = time;

    /// <inheritdoc/>
    public async Task Schedule(AttemptKey attempt, DateTimeOffset notBefore)
    {
        var scheduler = await _scheduler.Task;
        var job = JobBuilder.Create<AttemptJob>().WithIdentity(JobKeyOf(attempt)).DisallowConcurrentExecution(true).Build();
        var trigger = TriggerBuilder.Create(_time)
            .WithIdentity(TriggerKeyOf(attempt))
            .ForJob(job)
            .UsingJobData(AttemptJob.Data(attempt))
            .StartAt(notBefore)
            .Build();
        try
        {
            await scheduler.ScheduleJob(job, [trigger], ScheduleJobOptions.Replacing, CancellationToken.None);
        }
        catch (SchedulerException) when (_ended) { } // whoever follows the journal may be a step behind the end
    }

    /// <inheritdoc/>
    public async Task Interrupt(AttemptKey attempt)
    {
        var scheduler = await _scheduler.Task;
        try
        {
            await scheduler.UnscheduleJob(TriggerKeyOf(attempt), CancellationToken.None);
        }
        catch (SchedulerException) when (_ended) { } // as above
        // Quartz interrupts by job, which here is the stage: it might be performing the attempt before this one.
        if (_performed.TryGetValue(attempt, out var token)) await token.CancelAsync();
    }

    /// <inheritdoc/>
    public async Task Run(Func<AttemptKey, CancellationToken, Task> perform, CancellationToken cancellation)
    {
        var scheduler = await QuartzSchedulerBuilder.Create(quartz =>
        {
            quartz.ConfigureScheduler(options =>
            {
                options.InstanceName = $"attempts-{Guid.NewGuid():N}"; // two engines of one process must not meet
                options.ShutdownJobInterruption = ShutdownJobInterruption.Always;
            });
            quartz.UseInMemoryStore(_ => { });
            quartz.UseDefaultThreadPool(MaxConcurrency);
            quartz.UseTimeProvider(_time);
            quartz.UseJobFactory(new AttemptJobFactory((attempt, token) => Perform(perform, attempt, token)));
        }).BuildScheduler(CancellationToken.None);
        await scheduler.Start(CancellationToken.None);
        _scheduler.SetResult(scheduler);
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
        }
        finally
        {
            _ended = true;
            await scheduler.Shutdown(waitForJobsToComplete: true, CancellationToken.None);
        }
    }

    private async Task Perform(Func<AttemptKey, CancellationToken, Task> perform, AttemptKey attempt, CancellationToken shutdown)
    {
        using var token = CancellationTokenSource.CreateLinkedTokenSource(shutdown);
        _performed[attempt] = token;
        try
        {
            await perform(attempt, token.Token);
        }
        finally { _performed.TryRemove(attempt, out _); }
    }

    private static JobKey JobKeyOf(AttemptKey attempt) => new(attempt.Instance, attempt.Run);

    private static TriggerKey TriggerKeyOf(AttemptKey attempt) =>
        new($"{attempt.Instance}.{attempt.Attempt.ToString(CultureInfo.InvariantCulture)}", attempt.Run);

    private sealed class AttemptJob(Func<AttemptKey, CancellationToken, Task> perform) : IJob
    {
        public static JobDataMap Data(AttemptKey attempt) => new()
        {
            ["run"] = attempt.Run,
            ["instance"] = attempt.Instance,
            ["attempt"] = attempt.Attempt,
        };

        public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
        {
            var data = context.MergedJobDataMap;
            await perform(new((string)data["run"]!, (string)data["instance"]!, (int)data["attempt"]!), cancellationToken);
        }
    }

    private sealed class AttemptJobFactory(Func<AttemptKey, CancellationToken, Task> perform) : IJobFactory
    {
        public ValueTask<JobScope> CreateJob(TriggerFiredBundle bundle, IScheduler scheduler, CancellationToken cancellationToken = default) =>
            new(new JobScope(new AttemptJob(perform)));

        public ValueTask ReturnJob(JobScope scope, CancellationToken cancellationToken = default) => default;
    }
}
