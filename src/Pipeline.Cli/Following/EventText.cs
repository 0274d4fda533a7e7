using Pipeline.Cli.Output;
using Pipeline.Engine.Runs;
using Pipeline.Protocol.Jobs;

namespace Pipeline.Cli.Following;

/// <summary>One line about an event of a run, for people; null for those that say nothing to them.</summary>
internal static class EventText
{
    /// <summary>The line, safe for a terminal.</summary>
    public static string? Of(JournalEvent fact, RunState state) => Sentence(fact, state) is { } sentence ? Printable.Line(sentence) : null;

    private static string? Sentence(JournalEvent fact, RunState state) => fact switch
    {
        StageFact stage when OfStage(stage, state) is { } text => $"{stage.Instance}: {text}",
        RunCancelRequested cancel => $"cancel requested{(cancel.By is null ? "" : $" by {cancel.By}")}; jobs write a checkpoint and stop",
        RunResumed { From: [_, ..] from } => $"resumed from {string.Join(", ", from)}",
        RunResumed => "resumed",
        RunPinned pin => pin.Pinned ? "pinned" : "not pinned any more",
        NotificationSent sent => $"webhook {sent.To + 1} was notified",
        NotificationFailed failed => $"webhook {failed.To + 1} was not notified: {failed.Message} {(failed.Again is { } again ? $"It is tried again at {again.ToLocalTime():HH:mm:ss}." : "It was given up.")}",
        RunSucceeded => "the run succeeded",
        RunFailed failed => $"the run failed: {string.Join(", ", failed.Failed)}",
        RunCancelled => "the run is cancelled",
        _ => null,
    };

    private static string? OfStage(StageFact fact, RunState state) => fact switch
    {
        StageCached cached => $"cached, made by run {cached.SourceRun}",
        StageSkipped skipped => $"skipped: {skipped.Reason}",
        AttemptStarted started => Started(started, state.Stage(started.Instance).Attempt(started.Attempt)),
        AttemptAttached => "found running; watching it again",
        CheckpointRecorded checkpoint => $"checkpoint at step {checkpoint.Step}",
        AlarmRaised { Kind: StageEventKind.Stopped } stop => $"ends early at step {stop.Step}: {stop.Message}",
        AlarmRaised alarm => $"ALARM {alarm.Code} at step {alarm.Step}: {alarm.Message}",
        AttemptSucceeded success => $"succeeded{After(success, state)}",
        AttemptFailed failure => $"attempt {failure.Attempt} {Json.Word(failure.Class)}: {failure.Message}{(failure.Retry ? "" : " No further attempt follows.")}",
        RetryScheduled retry => $"attempt {retry.Attempt} follows at {retry.At.ToLocalTime():HH:mm:ss}",
        GateEvaluated gate => $"gate {gate.Metric} {gate.Bound}: {(gate.Passed ? "passed" : "NOT passed")}, the value is {MetricText.Of(gate.Value)}",
        ApprovalRequested request => $"waits for approval{Until(request)}: {request.Message} Answer with `pipeline approve {state.Run} {request.Instance}`, or --reject",
        ApprovalGiven answer => $"{(answer.Approved ? "approved" : "rejected")} by {answer.By}{(answer.Reason is { } reason ? $": {reason}" : "")}",
        _ => null,
    };

    private static string Started(AttemptStarted fact, AttemptState? attempt)
    {
        var from = attempt?.Intent.ResumeStep is { } step ? $" from the checkpoint at step {step}" : "";
        var number = fact.Attempt > 1 ? $"attempt {fact.Attempt} " : "";
        return $"{number}started{from}{(attempt?.Intent.Note is { } note ? $" ({note})" : "")}";
    }

    private static string Until(ApprovalRequested request) =>
        request.Deadline is { } deadline ? $" until {deadline.ToLocalTime():yyyy-MM-dd HH:mm:ss}" : "";

    private static string After(AttemptSucceeded success, RunState state) =>
        state.Stage(success.Instance).Attempt(success.Attempt)?.Started is { } started ? $" after {Durations.Text(success.Time - started)}" : "";
}
