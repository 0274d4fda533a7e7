using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Pipeline.Engine.Attempts;
using Pipeline.Engine.Planning;
using Pipeline.Engine.Ports;
using Pipeline.Engine.Runs;
using Serilog;

namespace Pipeline.Engine.Loop;

/// <summary>
/// Carries out every run of a state folder, whoever submitted it: asks the planner what is next and has the scheduler,
/// the executor and the journal do it. One works in a state folder at a time, see <see cref="Folders.EngineLock"/>.
/// </summary>
public sealed class RunEngine : IDisposable
{
    private readonly EngineSettings _settings;
    private readonly IRunStore _store;
    private readonly IAttemptScheduler _scheduler;
    private readonly AttemptRunner _attempts;
    private readonly JobPolls _polls;
    private readonly JournalOutage _outage;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly ConcurrentDictionary<string, LiveRun> _live = new();
    private readonly ConcurrentDictionary<AttemptKey, bool> _scheduled = new();
    private readonly CancellationTokenSource _stop = new();
    private ExceptionDispatchInfo? _fault;

    /// <summary>An engine; it does nothing before <see cref="Run"/>.</summary>
    public RunEngine(
        EngineSettings settings,
        IRunStore store,
        IExecutor executor,
        IAttemptScheduler scheduler,
        IRunFiles files,
        TimeProvider time,
        ILogger log)
    {
        (_settings, _store, _scheduler, _time, _log) = (settings, store, scheduler, time, log.ForContext<RunEngine>());
        _polls = new JobPolls(executor, time, settings.PollInterval, _log);
        _outage = new JournalOutage(time, _log);
        _attempts = new AttemptRunner(settings, store, executor, files, _polls, time, _log);
    }

    /// <summary>
    /// Works until detached: first every run that has not ended, from its journal and what the executor knows of its
    /// jobs; then also those that are submitted, cancelled or resumed meanwhile, by this process or another.
    /// </summary>
    /// <param name="detach">Ends the work and leaves the jobs running; the next engine attaches to them.</param>
    /// <exception cref="EngineException">The journal cannot be read or written. Jobs run on, and nothing is lost.</exception>
    public async Task Run(CancellationToken detach)
    {
        using var detaching = detach.Register(_stop.Cancel);
        Task[] work = [Guard(_polls.Run(_stop.Token)), Guard(_scheduler.Run(Perform, _stop.Token)), Guard(FollowJournal())];
        await Task.WhenAll(work);
        _fault?.Throw();
    }

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    private async Task FollowJournal()
    {
        for (long? position = null; ; await Task.Delay(_settings.JournalInterval, _time, _stop.Token))
        {
            try
            {
                position = await Look(position);
                _outage.IsOver();
            }
            catch (StoreUnavailableException error) { await _outage.Wait(error, _stop.Token); }
        }
    }

    /// <summary>Takes in every run that is not over, and from then on those whose journals grew since a position.</summary>
    private async Task<long> Look(long? since)
    {
        // The position is taken first: what is appended while the runs are read is seen again, which does no harm.
        var changes = await _store.Changes(since ?? long.MaxValue);
        var runs = since is null ? (await _store.Unfinished()).Select(run => run.Run) : changes.Runs;
        foreach (var run in runs.Concat(WhoseTimeIsUp())) await TakeIn(run);
        return changes.Position;
    }

    private IEnumerable<string> WhoseTimeIsUp() =>
        _live.Where(run => Planner.NextDeadline(run.Value.State) <= _time.GetUtcNow()).Select(run => run.Key);

    private async Task TakeIn(string id)
    {
        if (_live.TryGetValue(id, out var run)) await run.CatchUp();
        else if (await _store.Read(id) is { Count: > 0 } events && RunState.Fold(events) is { Over: false } state) // none: it was deleted
            run = _live[id] = new LiveRun(state, _store, _time, _outage, _stop.Token);
        if (run is null) return;

        await Drive(run);
        // Let go of here alone, where runs are also taken in: a resume that comes at this moment is seen by the next look.
        if (run.State.Over && _live.TryRemove(id, out _)) _log.Information("{Run}: {Phase}", id, run.State.Phase);
    }

    /// <summary>Carries out the plan until it asks for nothing that would change the journal.</summary>
    private async Task Drive(LiveRun run)
    {
        bool changed;
        do
        {
            changed = false;
            foreach (var command in Planner.Plan(run.State, _time.GetUtcNow())) changed |= await CarryOut(run, command);
        }
        while (changed);
    }

    private async Task<bool> CarryOut(LiveRun run, Command command)
    {
        switch (command)
        {
            case Start start:
                await Schedule(start.Attempt, start.NotBefore);
                return false;
            case Watch watch:
                await Schedule(watch.Attempt, _time.GetUtcNow());
                return false;
            case Withdraw withdraw:
                if (_scheduled.TryRemove(withdraw.Attempt, out _)) await _scheduler.Interrupt(withdraw.Attempt);
                return false;
            default:
                // The plan is made again for the newest state: what is recorded must follow from it.
                var events = await run.Append(state => [.. Planner.Plan(state, _time.GetUtcNow())
                    .Where(planned => planned.GetType() == command.GetType())
                    .Select(Fact)]);
                return events.Count > 0;
        }

        JournalEvent Fact(Command planned) => planned switch
        {
            Finish finish => finish.Outcome,
            Skip skip => new StageSkipped
            {
                Stage = run.State.Stage(skip.Instance).Stage.Id, Instance = skip.Instance, Reason = skip.Reason,
            },
            RequestApproval request => new ApprovalRequested
            {
                Stage = run.State.Stage(request.Instance).Stage.Id,
                Instance = request.Instance,
                Message = request.Message,
                Deadline = request.Deadline,
            },
            AnswerForNobody answer => new ApprovalGiven
            {
                Stage = run.State.Stage(answer.Instance).Stage.Id, Instance = answer.Instance, Approved = answer.Approved, By = "the time-out",
            },
            ScheduleRetry retry => new RetryScheduled
            {
                Stage = run.State.Stage(retry.Attempt.Instance).Stage.Id,
                Instance = retry.Attempt.Instance,
                Attempt = retry.Attempt.Attempt,
                At = retry.At,
            },
            _ => throw new InvalidOperationException($"{planned.GetType().Name} is not recorded."),
        };
    }

    private async Task Schedule(AttemptKey attempt, DateTimeOffset notBefore)
    {
        if (_scheduled.TryAdd(attempt, true)) await _scheduler.Schedule(attempt, notBefore);
    }

    private async Task Perform(AttemptKey attempt, CancellationToken cancellation)
    {
        try
        {
            if (!_live.TryGetValue(attempt.Run, out var run))
            {
                _scheduled.TryRemove(attempt, out _); // the run ended first; resumed, it may schedule the attempt again
                return;
            }
            try
            {
                await _attempts.Perform(run, attempt, cancellation);
            }
            catch (StoreUnavailableException error) { await _outage.Wait(error, cancellation); } // and begins again
            finally { _scheduled.TryRemove(attempt, out _); }
            await Drive(run);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested || _stop.IsCancellationRequested) { }
        catch (Exception error) { Fail(error); }
    }

    private async Task Guard(Task work)
    {
        try
        {
            await work;
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested) { }
        catch (Exception error) { Fail(error); }
    }

    /// <summary>An engine that cannot record what happens must not make more happen: it ends, and the jobs run on.</summary>
    private void Fail(Exception error)
    {
        Interlocked.CompareExchange(ref _fault, ExceptionDispatchInfo.Capture(error), null);
        _stop.Cancel();
    }
}
