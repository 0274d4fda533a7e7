using System.Text.Json;
using Pipeline.Engine.Runs;
using Pipeline.Protocol.Jobs;

namespace Pipeline.Server.Journal;

/// <summary>An event of the journal, told to a person.</summary>
/// <param name="Sequence">Its number in the run's journal.</param>
/// <param name="Time">When it was recorded.</param>
/// <param name="Type">Its kind, such as <c>AttemptStarted</c>.</param>
/// <param name="Instance">The stage; null if it is about the run.</param>
/// <param name="Attempt">The attempt; null if it is about none.</param>
/// <param name="Tone">How it is to be taken.</param>
/// <param name="Text">What happened.</param>
internal sealed record EventView(
    long Sequence, DateTimeOffset Time, string Type, string? Instance, int? Attempt, EventTone Tone, string Text)
{
    /// <summary>The event, told.</summary>
    public static EventView Of(JournalEvent fact) => new(
        fact.Sequence,
        fact.Time,
        fact.GetType().Name,
        (fact as StageFact)?.Instance,
        (fact as AttemptFact)?.Attempt ?? (fact as RetryScheduled)?.Attempt,
        ToneOf(fact),
        TextOf(fact));

    private static EventTone ToneOf(JournalEvent fact) => fact switch
    {
        RunSucceeded or AttemptSucceeded or StageCached => EventTone.Good,
        RunFailed or AttemptFailed { Retry: false } or GateEvaluated { Passed: false } => EventTone.Bad,
        AttemptFailed or AlarmRaised or RetryScheduled or ApprovalRequested or NotificationFailed or RunCancelRequested or RunCancelled => EventTone.Warning,
        _ => EventTone.Plain,
    };

    private static string TextOf(JournalEvent fact) => fact switch
    {
        RunSubmitted submitted => $"Pipeline {submitted.Pipeline.Name} submitted: {submitted.Pipeline.Stages.Count} stages.",
        RunCancelRequested request => request.By is { } by ? $"{by} asked for the run to be cancelled." : "The run is being cancelled.",
        RunResumed { From: [_, ..] from } => $"The run goes on from {string.Join(", ", from)}.",
        RunResumed => "The run goes on.",
        RunPinned pin => pin.Pinned ? "The run is pinned." : "The run is not pinned any more.",
        RunSucceeded => "The run succeeded.",
        RunFailed failed => $"The run failed at {string.Join(", ", failed.Failed)}.",
        RunCancelled => "The run was cancelled.",
        StageCached cached => $"Taken from run {cached.SourceRun}, attempt {cached.SourceAttempt}.",
        StageSkipped skipped => $"Skipped: {skipped.Reason}",
        AttemptIntended { ResumeStep: { } step } => $"To be launched, from the checkpoint of step {step}.",
        AttemptIntended { CacheMiss: { } miss } => $"To be launched ({miss.TrimEnd('.')}).",
        AttemptIntended => "To be launched.",
        AttemptStarted => "Started.",
        AttemptAttached => "An engine that was started anew watches it again.",
        CheckpointRecorded checkpoint => $"Checkpoint at step {checkpoint.Step}.",
        AlarmRaised alarm => $"{alarm.Code} at step {alarm.Step}: {alarm.Message}",
        AttemptSucceeded success => $"Succeeded with {string.Join(", ", success.Outputs.Keys)}.",
        AttemptFailed failed => $"Failed ({WordOf(failed.Class)}): {failed.Message}",
        RetryScheduled retry => $"Next attempt in {Math.Max(0, (retry.At - retry.Time).TotalSeconds):0.#} s.",
        GateEvaluated gate => $"{gate.Metric} is {gate.Value?.ToString("0.####") ?? "missing"}, wanted {gate.Bound}: {(gate.Passed ? "passed" : "not passed")}.",
        ApprovalRequested request => $"Waits for approval: {request.Message}",
        ApprovalGiven approval => $"{(approval.Approved ? "Approved" : "Rejected")} by {approval.By}{(approval.Reason is { } reason ? $": {reason}" : "")}.",
        NotificationSent sent => $"Webhook {sent.To + 1} was notified.",
        NotificationFailed failed => $"Webhook {failed.To + 1} was not notified: {failed.Message}{(failed.Again is null ? " It was given up." : "")}",
        _ => fact.GetType().Name,
    };

    private static string WordOf(FailureClass failure) => JsonNamingPolicy.SnakeCaseLower.ConvertName(failure.ToString()).Replace('_', ' ');
}

/// <summary>How an event is to be taken.</summary>
internal enum EventTone
{
    /// <summary>It happened, nothing more.</summary>
    Plain,

    /// <summary>Something is done.</summary>
    Good,

    /// <summary>Worth a look.</summary>
    Warning,

    /// <summary>Something has ended without success.</summary>
    Bad,
}
