using Pipeline.Engine.Caching;
using Pipeline.Engine.Checkpoints;
using Pipeline.Engine.Loop;
using Pipeline.Engine.Planning;
using Pipeline.Engine.Ports;
using Pipeline.Engine.Runs;
using Pipeline.Protocol.Jobs;
using Serilog;

namespace Pipeline.Engine.Attempts;

/// <summary>
/// One attempt from its beginning to its end, told in order: look in the cache, record the intent, launch, watch, record
/// the end. Begun anew after a crash, it goes on from what the journal and the executor know.
/// </summary>
internal sealed class AttemptRunner(
    EngineSettings settings, IRunStore store, IExecutor executor, IRunFiles files, JobPolls polls, TimeProvider time, ILogger log)
{
    /// <summary>Performs the attempt; returns when its end is in the journal, or when it is not to begin any more.</summary>
    public async Task Perform(LiveRun run, AttemptKey key, CancellationToken cancellation)
    {
        var isNew = run.State.Attempt(key) is null;
        if (isNew) await Begin(run, key);
        if (run.State.Attempt(key) is not { Alive: true }) return;

        var launch = new Launch(settings, executor, files, log);
        if (isNew) await launch.Submit(run, key, cancellation);
        await new AttemptWatch(settings, executor, files, polls, time, log, launch, run, key, isNew).UntilEnd(cancellation);
    }

    private async Task Begin(LiveRun run, AttemptKey key)
    {
        if (!Planner.MayStart(run.State, key)) return;
        var beginning = await Prepare(run.State, key);
        IReadOnlyList<JournalEvent> events;
        try
        {
            events = await run.Append(state => Planner.MayStart(state, key) ? beginning(state) : []);
        }
        catch (SourceDeletedException)
        {
            await Begin(run, key); // the cache has another answer now
            return;
        }
        foreach (var fact in events)
        {
            if (fact is StageCached cached)
                log.Information("{Attempt}: cached, made by attempt {Source} of run {SourceRun}", key, cached.SourceAttempt, cached.SourceRun);
            if (fact is AttemptIntended intent)
                log.Information("{Attempt}: starts, resumed from step {Step}; not cached: {Miss}", key, intent.ResumeStep, intent.CacheMiss);
        }
    }

    /// <summary>Everything slow about a beginning: hashing inputs, looking in the cache, verifying checkpoints.</summary>
    private async Task<Func<RunState, IReadOnlyList<JournalEvent>>> Prepare(RunState state, AttemptKey key)
    {
        var stage = state.Stage(key.Instance);
        try
        {
            SkipRule.Check(state, stage);
            var inputs = StageInputs.Resolve(state, stage, files);
            var fingerprint = StageFingerprint.Of(stage.Stage, inputs, state.Run);
            var cache = stage.Anew
                ? new CacheLookup(null, "it is made anew, as was asked for")
                : await CacheLookup.Of(store, files, state.Pipeline.Name, stage.Instance, fingerprint);
            if (cache.Hit is { } hit) return _ => [Cached(stage, hit), .. GateRule.Of(stage.Stage, hit.Metrics)];

            var resume = await CheckpointSearch.Newest(
                store, files, settings.State, fingerprint.Hash, attempt => !stage.Anew || IsOfThisTry(attempt, state, stage));
            return newest =>
            [
                Intent(newest, key) with
                {
                    Fingerprint = fingerprint.Hash,
                    FingerprintParts = fingerprint.Parts.Json,
                    Inputs = inputs,
                    ResumeFrom = resume.Checkpoint?.Path,
                    ResumeStep = resume.Checkpoint?.Step,
                    CacheMiss = cache.Miss,
                    Note = resume.Note,
                },
            ];
        }
        catch (Exception error) when (error is EngineException or IOException or UnauthorizedAccessException)
        {
            // The stage fails before there is a job, and says so like any other failure.
            return newest => [Intent(newest, key), CannotBegin(newest, key, error)];
        }
    }

    private static bool IsOfThisTry(AttemptSummary attempt, RunState state, StageState stage) =>
        attempt.Run == state.Run && attempt.Instance == stage.Instance && attempt.Attempt > stage.AttemptsBeforeResume;

    // A later attempt always has the larger token, and nobody else can have it: sequence numbers are given once.
    private static AttemptIntended Intent(RunState state, AttemptKey key) => new()
    {
        Stage = state.Stage(key.Instance).Stage.Id,
        Instance = key.Instance,
        Attempt = key.Attempt,
        Token = $"{state.Run}.{state.Sequence + 1}",
        Job = key.Job,
        Fingerprint = "",
    };

    private static AttemptFailed CannotBegin(RunState state, AttemptKey key, Exception error) => new()
    {
        Stage = state.Stage(key.Instance).Stage.Id,
        Instance = key.Instance,
        Attempt = key.Attempt,
        Token = Intent(state, key).Token,
        Class = FailureClass.Config,
        Code = (error as EngineException)?.Code ?? EngineErrors.InputMissing,
        Message = error.Message,
        Retry = false,
    };

    private static StageCached Cached(StageState stage, AttemptSucceeded hit) => new()
    {
        Stage = stage.Stage.Id,
        Instance = stage.Instance,
        Fingerprint = hit.Fingerprint,
        SourceRun = hit.Run,
        SourceInstance = hit.Instance,
        SourceAttempt = hit.Attempt,
        Outputs = hit.Outputs,
        Metrics = hit.Metrics,
        Program = hit.Program,
    };
}
