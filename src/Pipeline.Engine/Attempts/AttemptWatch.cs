using Pipeline.Engine.Checkpoints;
using Pipeline.Engine.Loop;
using Pipeline.Engine.Planning;
using Pipeline.Engine.Ports;
using Pipeline.Engine.Runs;
using Pipeline.Protocol;
using Pipeline.Protocol.Jobs;
using Serilog;

namespace Pipeline.Engine.Attempts;

/// <summary>Watches the job of one attempt until there is evidence of its end, and records that.</summary>
internal sealed class AttemptWatch(
    EngineSettings settings,
    IExecutor executor,
    IRunFiles files,
    JobPolls polls,
    TimeProvider time,
    ILogger log,
    Launch launch,
    LiveRun run,
    AttemptKey key,
    bool launchedHere)
{
    // What is asked of an executor is asked again now and then, in case it did not arrive.
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(10);

    private readonly AttemptFolder _folder = settings.State.Attempt(key);
    private readonly HeartbeatWatch _heartbeat = new(time);
    private readonly Every _looks = new(time, settings.FolderInterval);
    private readonly Every _stops = new(time, AskAgainAfter);
    private readonly Every _submits = new(time, AskAgainAfter);
    private bool _attached = launchedHere;
    private long _offset;

    private JobHandle Job => new(key.Job, _folder, run.State.Stage(key.Instance).Stage.Executor);

    private bool MustStop => run.State.MustStop(run.State.Stage(key.Instance));

    public async Task UntilEnd(CancellationToken cancellation)
    {
        while (run.State.Attempt(key) is { Alive: true } attempt)
        {
            cancellation.ThrowIfCancellationRequested();
            var status = await polls.Next(Job);
            try
            {
                await Act(status, attempt, cancellation);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                log.Warning(error, "{Attempt}: its folder cannot be read now; looking again", key);
            }
        }
    }

    private async Task Act(JobStatus status, AttemptState attempt, CancellationToken cancellation)
    {
        switch (status.Phase)
        {
            case JobPhase.Absent when _submits.IsDue || MustStop:
                await launch.Submit(run, key, cancellation);
                break;
            case JobPhase.Queued:
                await StopIfAsked(cancellation);
                break;
            case JobPhase.Running:
                await SeenAlive(attempt);
                await LookIntoFolder(cancellation);
                await StopIfAsked(cancellation);
                break;
            case JobPhase.Exited or JobPhase.Gone:
                await End(status.Phase == JobPhase.Exited ? status.Exit : null);
                break;
            default: // absent, submitted a moment ago; or unknown: nothing may be concluded
                break;
        }
    }

    private async Task SeenAlive(AttemptState attempt)
    {
        if (attempt.Phase == AttemptPhase.Running && _attached) return;
        await AttemptRecord.Append(run, key, (_, newest) =>
        [
            .. newest.Phase == AttemptPhase.Intended ? (AttemptFact[])[new AttemptStarted()] : [],
            .. _attached ? (AttemptFact[])[] : [new AttemptAttached()],
        ]);
        if (!_attached) log.Information("{Attempt}: attached to its running job", key);
        _attached = true;
    }

    private async Task LookIntoFolder(CancellationToken cancellation)
    {
        if (!_looks.IsDue) return;
        await CopyEvents();
        var age = _heartbeat.Age(files.Heartbeat(_folder));
        if (age < settings.StallAfter || !_stops.IsDue) return;
        log.Warning("{Attempt}: no heartbeat for {Age}; stopping it", key, age);
        await Stop(ExitAsked.Stalled, cancellation);
    }

    private async Task StopIfAsked(CancellationToken cancellation)
    {
        if (MustStop && _stops.IsDue) await Stop(ExitAsked.Cancel, cancellation);
    }

    private async Task Stop(ExitAsked askedBy, CancellationToken cancellation)
    {
        try
        {
            CrashPoint.Before("stop");
            await executor.Stop(Job, askedBy, cancellation);
            CrashPoint.After("stop");
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            log.Warning(error, "{Attempt}: it is unknown whether the executor was told to stop the job", key);
        }
    }

    /// <summary>Copies alarms, checkpoints and stops into the journal, each once: the journal knows how far was read.</summary>
    private async Task CopyEvents()
    {
        _offset = Math.Max(_offset, run.State.Attempt(key)?.EventsRead ?? 0);
        var lines = files.Events(_folder, _offset);
        if (lines.Count == 0) return;
        await AttemptRecord.Append(run, key, (_, attempt) => lines
            .Where(line => line.End > attempt.EventsRead)
            .Select(Fact)
            .OfType<AttemptFact>());
        _offset = lines[^1].End;
    }

    private AttemptFact? Fact(StageEventLine line) => line.Event switch
    {
        { Kind: StageEventKind.Checkpoint } written => new CheckpointRecorded
        {
            Step = written.Step,
            Path = Path.GetFullPath(written.Data?["path"]?.ToString() ?? $"checkpoints/step-{written.Step:D6}", _folder.Path),
            Offset = line.End,
        },
        { Kind: StageEventKind.Alarm or StageEventKind.Stopped } raised => new AlarmRaised
        {
            Kind = raised.Kind,
            Step = raised.Step,
            Code = raised.Code,
            Message = raised.Message,
            Offset = line.End,
        },
        _ => null,
    };

    private async Task End(ExitRecord? exit)
    {
        await CopyEvents();
        _heartbeat.Age(files.Heartbeat(_folder));
        var attempt = run.State.Attempt(key)!;
        var stage = run.State.Stage(key.Instance).Stage;
        var result = files.Result(_folder);
        if (result is not null && result.Token != attempt.Token)
        {
            log.Warning("{Attempt}: ignored a result with the token {Token} of another attempt", key, result.Token);
            result = null;
        }
        if (exit is not null && WasAlive(exit)) await SeenAlive(attempt);

        var end = AttemptEnd.Of(exit, result is not null, stage.Resources);
        var (outputs, damage) = end.Failure is null
            ? OutputVerification.Of(files, _folder, stage, result!)
            : (null, null);
        if (outputs is not null) await Succeed(result!, outputs, exit);
        else if (damage is not null) await Fail(new AttemptEnd(FailureClass.Failed, damage, EngineErrors.OutputDamaged), exit);
        else await Fail(end, exit);
    }

    private static bool WasAlive(ExitRecord exit) => exit.Code is not null || exit.Signal is not null;

    private async Task Succeed(ResultFile result, IReadOnlyDictionary<string, StageOutput> outputs, ExitRecord? exit)
    {
        await AttemptRecord.Append(run, key, (state, attempt) =>
        [
            new AttemptSucceeded
            {
                Fingerprint = attempt.Intent.Fingerprint,
                Outputs = outputs,
                Metrics = result.Metrics,
                Tokens = result.Tokens,
                Seconds = result.Seconds,
                Warnings = result.Warnings,
                Program = state.Program.Digest,
                Exit = exit,
            },
            .. GateRule.Of(state.Stage(key.Instance).Stage, result.Metrics),
        ]);
        log.Information("{Attempt}: succeeded", key);
        try
        {
            CrashPoint.Before("prune");
            CheckpointRetention.Prune(files, settings.State, key.Run, run.State.Stage(key.Instance));
            CrashPoint.After("prune");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            log.Warning(error, "{Attempt}: old checkpoints could not be deleted", key);
        }
    }

    private async Task Fail(AttemptEnd end, ExitRecord? exit)
    {
        await AttemptRecord.Failure(run, key, end.Failure!.Value, end.Message, end.Code, _heartbeat.Step, exit);
        log.Warning("{Attempt}: {Failure}. {Message}", key, end.Failure, end.Message);
    }
}
