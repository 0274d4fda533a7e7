using Pipeline.Engine.Ports;
using Pipeline.Engine.Runs;
using Pipeline.Spec.Resolved;

namespace Pipeline.Engine.Planning;

/// <summary>What is to be done next, as a function of a run's state and the time. It reads nothing else.</summary>
/// <remarks>
/// Commands say what should be the case, not what changed: the plan of a state is complete by itself, so that an engine
/// that was started anew carries on from the fold alone.
/// </remarks>
public static class Planner
{
    /// <summary>The commands for <paramref name="state"/>, in the order of the pipeline; none when the run is over.</summary>
    public static IReadOnlyList<Command> Plan(RunState state, DateTimeOffset now)
    {
        if (state.Over) return [];
        var commands = state.Stages.Select(stage => ForStage(state, stage, now)).OfType<Command>().ToList();

        // Withdrawing an attempt that has not begun leaves nothing to wait for.
        if (commands.All(command => command is Withdraw) && !state.Stages.Any(stage => Waits(state, stage)))
            commands.Add(new Finish(Outcome(state)));
        return commands;
    }

    /// <summary>Whether the attempt may begin now: it is the next of its stage, the stage's turn has come, nobody cancelled.</summary>
    public static bool MayStart(RunState state, AttemptKey key) =>
        state.Phase == RunPhase.Running
        && ForStage(state, state.Stage(key.Instance), DateTimeOffset.MinValue) is Start start && start.Attempt == key;

    /// <summary>When the plan changes though nothing happens: the next deadline that somebody waits for; null if there is none.</summary>
    public static DateTimeOffset? NextDeadline(RunState state) =>
        state.Stages.Where(stage => Waits(state, stage)).Min(stage => stage.Question!.Deadline);

    private static RequestApproval? Ask(StageState stage, DateTimeOffset now) => stage is { Stage.Approval: { } approval, Approved: false }
        ? new RequestApproval(stage.Instance, approval.Message, approval.TimeoutSeconds is { } seconds ? now.AddSeconds(seconds) : null)
        : null;

    private static Command? ForStage(RunState state, StageState stage, DateTimeOffset now)
    {
        var next = new AttemptKey(state.Run, stage.Instance, stage.NextAttempt);
        var cancelling = state.Phase == RunPhase.Cancelling;
        var stopping = state.MustStop(stage);
        return stage.Phase switch
        {
            StagePhase.Active => new Watch(next with { Attempt = stage.Last!.Number }),
            StagePhase.Retrying when stopping => new Withdraw(next),
            StagePhase.Retrying when stage.RetryAt is { } at => new Start(next, at),
            StagePhase.Retrying => new ScheduleRetry(next, now + Backoff.Delay(state.Run, stage)),
            StagePhase.Pending when !cancelling && SkipRule.Reason(state, stage) is { } reason => new Skip(stage.Instance, reason),
            StagePhase.Pending when !cancelling && state.NeedsAreDone(stage) =>
                Ask(stage, now) ?? (MatrixRule.HasTurn(state, stage) ? new Start(next, now) : (Command?)null),
            StagePhase.AwaitingApproval when !cancelling && stage.Question!.Deadline <= now =>
                new AnswerForNobody(stage.Instance, stage.Stage.Approval?.OnTimeout == ApprovalTimeout.Approve),
            _ => null,
        };
    }

    private static bool Waits(RunState state, StageState stage) =>
        stage.Phase == StagePhase.AwaitingApproval && state.Phase == RunPhase.Running;

    private static JournalEvent Outcome(RunState state)
    {
        if (state.Stages.All(stage => stage.Done)) return new RunSucceeded();
        if (state.Phase == RunPhase.Cancelling) return new RunCancelled();
        return new RunFailed
        {
            Failed = [.. state.Stages.Where(stage => stage.Phase is StagePhase.Failed or StagePhase.Cancelled)
                .Select(stage => stage.Instance)],
        };
    }
}
