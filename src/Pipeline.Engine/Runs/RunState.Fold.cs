using System.Collections.Immutable;
using Pipeline.Engine.Planning;
using Pipeline.Spec.Resolved;

namespace Pipeline.Engine.Runs;

public sealed partial record RunState
{
    /// <summary>The state after all of <paramref name="events"/>, the first of which submits the run.</summary>
    /// <exception cref="EngineException"><see cref="EngineErrors.JournalDamaged"/>: events are missing.</exception>
    public static RunState Fold(IEnumerable<JournalEvent> events)
    {
        RunState? state = null;
        foreach (var fact in events) state = state is null ? Begin(fact) : state.Apply(fact);
        return state ?? throw new EngineException(EngineErrors.RunUnknown, "The journal has no event of this run.");
    }

    /// <summary>The state after one more event. An event that is late, or not the run's to make, changes the sequence alone.</summary>
    public RunState Apply(JournalEvent fact)
    {
        if (fact.Run != Run || fact.Sequence != Sequence + 1)
        {
            throw new EngineException(
                EngineErrors.JournalDamaged,
                $"The journal of run {Run} goes from event {Sequence} to event {fact.Sequence} of run {fact.Run}: " +
                "events are missing. Restore the state folder from a copy.");
        }
        var state = this with { Sequence = fact.Sequence };
        if (fact is RunPinned pin) return state with { Pinned = pin.Pinned };
        if (fact is NotificationSent or NotificationFailed) return state with { Notices = [.. Notices.Select(notice => notice.Apply(fact))] };
        if (Over) return fact is RunResumed resumed && (Phase != RunPhase.Succeeded || resumed.From.Count > 0) ? state.Resume(resumed) : state;

        var next = fact switch
        {
            RunCancelRequested => state with { Phase = RunPhase.Cancelling },
            RunSucceeded => state with { Phase = RunPhase.Succeeded, Ended = fact.Time },
            RunFailed => state.GiveUp(fact.Time),
            RunCancelled => state.Cancel(fact.Time),
            StageFact stage when ByInstance.TryGetValue(stage.Instance, out var known) =>
                state.With(known.Apply(stage, cancelling: Phase == RunPhase.Cancelling)),
            _ => state,
        };
        // Nobody is told of what the fold ignores.
        var ignored = fact is StageFact { Instance: var of } && ReferenceEquals(next.ByInstance.GetValueOrDefault(of), ByInstance.GetValueOrDefault(of));
        return ignored || Pipeline.Notify.Count == 0 ? next : next with { Notices = next.Notices.AddRange(Notice.Of(fact, Pipeline.Notify)) };
    }

    private static RunState Begin(JournalEvent fact) => fact is RunSubmitted { Sequence: 1 } submitted
        ? new RunState
        {
            Run = fact.Run,
            Pipeline = submitted.Pipeline,
            Program = submitted.Program,
            ForkedFrom = submitted.ForkedFrom,
            Submitted = fact.Time,
            Sequence = 1,
            ByInstance = submitted.Pipeline.Stages.ToImmutableDictionary(
                stage => stage.Instance, stage => new StageState { Stage = stage }),
        }
        : throw new EngineException(
            EngineErrors.JournalDamaged,
            $"The journal of run {fact.Run} begins with event {fact.Sequence}, {fact.GetType().Name}, in place of " +
            "RunSubmitted. Restore the state folder from a copy.");

    private RunState With(StageState stage)
    {
        var state = this with { ByInstance = ByInstance.SetItem(stage.Instance, stage) };
        return stage.Phase is StagePhase.Failed or StagePhase.Cancelled ? state.Block() : state;
    }

    // The stages are in the order of their needs, so one pass reaches everything behind a failed stage.
    private RunState Block()
    {
        var stages = ByInstance;
        foreach (var stage in Stages.Where(stage => stage.Phase == StagePhase.Pending))
        {
            var reason = stage.Stage.Needs.FirstOrDefault(need => stages[need].Stuck) is { } stuck ? $"It needs {stuck}, which did not succeed."
                : MatrixRule.MustStop(this, stage) ? "Another instance failed, and fail_fast is set."
                : null;
            if (reason is not null) stages = stages.SetItem(stage.Instance, stage with { Phase = StagePhase.Blocked, Reason = reason });
        }
        return this with { ByInstance = stages };
    }

    // A retry that was withdrawn because another instance failed is all that may be left.
    private RunState GiveUp(DateTimeOffset time) => this with
    {
        Phase = RunPhase.Failed,
        Ended = time,
        ByInstance = Change(stage => stage.Phase == StagePhase.Retrying ? stage with { Phase = StagePhase.Cancelled, RetryAt = null } : stage),
    };

    private RunState Cancel(DateTimeOffset time) => this with
    {
        Phase = RunPhase.Cancelled,
        Ended = time,
        ByInstance = Change(stage => stage.Done || stage.Phase == StagePhase.Failed
            ? stage
            : stage with { Phase = StagePhase.Cancelled, RetryAt = null }),
    };

    private RunState Resume(RunResumed resumed)
    {
        var pipeline = resumed.Pipeline ?? Pipeline;
        var again = Behind(pipeline, resumed.From);
        return this with
        {
            Phase = RunPhase.Running,
            Ended = null,
            Program = resumed.Program ?? Program,
            Pipeline = pipeline,
            ByInstance = pipeline.Stages.ToImmutableDictionary(stage => stage.Instance, Resumed),
        };

        StageState Resumed(ResolvedStage spec)
        {
            if (!ByInstance.TryGetValue(spec.Instance, out var stage)) return new StageState { Stage = spec };
            // Whether a stage is left out may be decided otherwise by what has changed.
            var decideAnew = resumed.Pipeline is not null && stage.Phase == StagePhase.Skipped;
            return stage.Stuck || decideAnew || again.Contains(spec.Instance)
                ? stage.Again(spec, anew: resumed.From.Contains(spec.Instance))
                : stage with { Stage = spec };
        }
    }

    private ImmutableDictionary<string, StageState> Change(Func<StageState, StageState> change) =>
        ByInstance.ToImmutableDictionary(entry => entry.Key, entry => change(entry.Value));
}
