using System.Runtime.CompilerServices;
using System.Text.Json;
using Pipeline.Engine.Ports;
using Pipeline.Engine.Runs;
using Pipeline.Spec.Resolved;

namespace Pipeline.Engine.Loop;

/// <summary>
/// What people ask of runs: submit, cancel, resume, look, follow. Works through the journal alone, so from any process,
/// whether an engine is at work or not.
/// </summary>
public sealed class RunClient(IRunStore store, TimeProvider time, Random random)
{
    private static readonly TimeSpan FollowInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Submits a run and returns its id: the time, so that ids sort by age, and four letters.</summary>
    /// <param name="pipeline">What it executes.</param>
    /// <param name="program">The program that performs its built-in stages.</param>
    /// <param name="forkedFrom">The run whose pipeline it is; null for one from a file.</param>
    public async Task<string> Submit(ResolvedPipeline pipeline, StageProgram program, string? forkedFrom = null)
    {
        while (true)
        {
            var run = $"{time.GetUtcNow():yyyyMMdd-HHmmss}-{random.GetString("abcdefghjkmnpqrstuvwxyz", 4)}";
            if (await TrySubmit(run, new RunSubmitted { Pipeline = pipeline, Program = program, ForkedFrom = forkedFrom })) return run;
        }
    }

    /// <summary>Submits a run whose id says what it is for: nothing, if there is one of that id already.</summary>
    /// <param name="run">Its id.</param>
    /// <param name="pipeline">What it executes.</param>
    /// <param name="program">The program that performs its built-in stages.</param>
    public Task SubmitOnce(string run, ResolvedPipeline pipeline, StageProgram program) =>
        TrySubmit(run, new RunSubmitted { Pipeline = pipeline, Program = program });

    /// <summary>Asks for a run to be cancelled. Asking again does nothing.</summary>
    /// <exception cref="EngineException">There is no such run, or it is over.</exception>
    public Task Cancel(string run, string by) => Append(run, state => state switch
    {
        { Over: true } => throw new EngineException(
            EngineErrors.RunState, $"Run {run} is over ({Word(state.Phase)}); there is nothing to cancel."),
        { Phase: RunPhase.Cancelling } => null,
        _ => new RunCancelRequested { By = by },
    });

    /// <summary>Has a failed or cancelled run go on, or one that succeeded, from a stage; what succeeded is kept.</summary>
    /// <param name="run">The run.</param>
    /// <param name="how">What changes with it.</param>
    /// <exception cref="EngineException">There is no such run, it has succeeded, is being cancelled, or is under way and something is to change.</exception>
    public Task Resume(string run, RunResumed how) => Append(run, state => state.Phase switch
    {
        RunPhase.Running when how.From.Count > 0 || how.Pipeline is not null => throw new EngineException(
            EngineErrors.RunState, $"Run {run} is under way; nothing of it can be changed. Cancel it first, or fork it."),
        RunPhase.Running => null,
        RunPhase.Failed or RunPhase.Cancelled => how,
        RunPhase.Succeeded when how.From.Count > 0 => how,
        RunPhase.Cancelling => throw new EngineException(
            EngineErrors.RunState, $"Run {run} is being cancelled; wait until its jobs are gone, then resume it."),
        _ => throw new EngineException(EngineErrors.RunState, $"Run {run} has succeeded; there is nothing left to resume. With --from STAGE it goes on from there."),
    });

    /// <summary>Answers a stage that waits for a person. Saying yes again does nothing.</summary>
    /// <param name="run">The run.</param>
    /// <param name="instance">The stage instance.</param>
    /// <param name="approved">Yes: it starts. No: it fails.</param>
    /// <param name="by">Who answers.</param>
    /// <param name="reason">Why, in their words.</param>
    /// <exception cref="EngineException">There is no such run or stage, or the stage does not wait.</exception>
    public Task Answer(string run, string instance, bool approved, string by, string? reason = null) => Append(run, state =>
    {
        if (!state.ByInstance.TryGetValue(instance, out var stage))
            throw new EngineException(
                EngineErrors.StageUnknown,
                $"Run {run} has no stage '{instance}'. It has: {string.Join(", ", state.Stages.Select(known => known.Instance))}.");
        if (approved && stage.Approved) return null;
        return stage.Phase == StagePhase.AwaitingApproval && state.Phase == RunPhase.Running
            ? new ApprovalGiven { Stage = stage.Stage.Id, Instance = instance, Approved = approved, By = by, Reason = reason }
            : throw new EngineException(
                EngineErrors.RunState,
                $"Stage '{instance}' of run {run} does not wait for an answer: the stage is {Word(stage.Phase)}, the run {Word(state.Phase)}.");
    });

    /// <summary>Has a run kept whole, or not any more.</summary>
    /// <exception cref="EngineException">There is no such run.</exception>
    public Task Pin(string run, bool pinned, string by) =>
        Append(run, state => state.Pinned == pinned ? null : new RunPinned { Pinned = pinned, By = by });

    /// <summary>The state of a run.</summary>
    /// <exception cref="EngineException">There is no such run.</exception>
    public async Task<RunState> State(string run)
    {
        var events = await store.Read(run);
        return events.Count > 0 ? RunState.Fold(events) : throw new EngineException(
            EngineErrors.RunUnknown, $"There is no run {run} here. `pipeline runs` lists them; is this the right state folder?");
    }

    /// <summary>The newest runs, newest first.</summary>
    public Task<IReadOnlyList<RunSummary>> Newest(int limit, string? before = null) => store.Newest(limit, before);

    /// <summary>The id that a person's word for a run means: <c>latest</c>, an id, or the unambiguous beginning or end of one.</summary>
    /// <exception cref="EngineException">It means no run, or several.</exception>
    public async Task<string> Resolve(string word)
    {
        if (await store.Find(word) is { } exact) return exact.Run;
        const int recent = 1000;
        var runs = await store.Newest(recent);
        string[] matches = word == "latest"
            ? [.. runs.Take(1).Select(run => run.Run)]
            : [.. runs.Select(run => run.Run).Where(run =>
                run.StartsWith(word, StringComparison.Ordinal) || run.EndsWith(word, StringComparison.Ordinal))];
        return matches switch
        {
            [var only] => only,
            [] => throw new EngineException(
                EngineErrors.RunUnknown, $"There is no run {word} here. `pipeline runs` lists them; is this the right state folder?"),
            _ => throw new EngineException(
                EngineErrors.RunUnknown, $"'{word}' means several runs: {string.Join(", ", matches.Take(5))}. Give more of the id."),
        };
    }

    /// <summary>
    /// The events of a run as they come, from the one after <paramref name="after"/>, until the run is over. None come while
    /// the journal does not answer.
    /// </summary>
    public async IAsyncEnumerable<JournalEvent> Follow(
        string run, long after = 0, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        while (true)
        {
            var (facts, over) = await LookAt(run, after);
            foreach (var fact in facts)
            {
                yield return fact;
                after = fact.Sequence;
            }
            if (over) yield break;
            await Task.Delay(FollowInterval, time, cancellation);
        }
    }

    private async Task<(IReadOnlyList<JournalEvent> Facts, bool Over)> LookAt(string run, long after)
    {
        try
        {
            // Asked before reading: events that end the run are read even if they come in between.
            var over = await store.Find(run) is not { Phase: RunPhase.Running or RunPhase.Cancelling };
            return (await store.Read(run, after), over);
        }
        catch (StoreUnavailableException) { return ([], false); }
    }

    /// <summary>False if the id is taken.</summary>
    private async Task<bool> TrySubmit(string run, RunSubmitted submitted)
    {
        try
        {
            await JournalWriter.Append(store, time, run, 0, [submitted]);
            return true;
        }
        catch (SequenceConflictException) { return false; }
    }

    private async Task Append(string run, Func<RunState, JournalEvent?> decide)
    {
        while (true)
        {
            var state = await State(run);
            if (decide(state) is not { } fact) return;
            try
            {
                await JournalWriter.Append(store, time, run, state.Sequence, [fact]);
                return;
            }
            catch (SequenceConflictException) { } // decide again on what is there now
        }
    }

    private static string Word<T>(T phase) where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName($"{phase}").Replace('_', ' ');
}
