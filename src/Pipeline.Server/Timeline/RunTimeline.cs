using Pipeline.Engine.Runs;
using Pipeline.Server.Runs;

namespace Pipeline.Server.Timeline;

/// <summary>Tells from the journal what the time of a run went to.</summary>
internal static class RunTimeline
{
    public static TimelineView Of(RunHistory history, DateTimeOffset now)
    {
        var state = history.State;
        var end = state.Ended ?? now;
        List<StageTimeline> stages =
        [
            .. from stage in state.Stages
               where !stage.Attempts.IsEmpty
               let checkpoints = history.Checkpoints.Where(checkpoint => checkpoint.Instance == stage.Instance).ToList()
               select new StageTimeline(stage.Instance, [.. Spans(stage, checkpoints, now)], [.. checkpoints.Select(checkpoint => checkpoint.Time)]),
        ];
        return new(state.Submitted, end, Totals(stages), stages);
    }

    private static IEnumerable<TimelineSpan> Spans(StageState stage, List<CheckpointRecorded> checkpoints, DateTimeOffset now)
    {
        DateTimeOffset? failed = null;
        foreach (var attempt in stage.Attempts)
        {
            var intended = attempt.Intent.Time;
            if (failed is { } before) yield return Span(SpanKind.Waiting, before, intended);
            var end = attempt.Ended ?? now;
            var started = attempt.Started ?? end;
            yield return Span(SpanKind.Queued, intended, started);

            // A failed attempt keeps what is in its last checkpoint.
            var kept = attempt.Phase == AttemptPhase.Failed
                ? checkpoints.Where(checkpoint => checkpoint.Attempt == attempt.Number).Select(checkpoint => checkpoint.Time).DefaultIfEmpty(started).Max()
                : end;
            yield return Span(SpanKind.Working, started, kept);
            yield return Span(SpanKind.Lost, kept, end);
            failed = attempt.Phase == AttemptPhase.Failed ? attempt.Ended : null;

            TimelineSpan Span(SpanKind kind, DateTimeOffset from, DateTimeOffset to) =>
                new(attempt.Number, kind, from, to < from ? from : to, attempt.Phase);
        }
    }

    private static TimeSpent Totals(List<StageTimeline> stages)
    {
        return new(Sum(SpanKind.Working), Sum(SpanKind.Lost), Sum(SpanKind.Queued), Sum(SpanKind.Waiting));

        double Sum(SpanKind kind) => stages.SelectMany(stage => stage.Spans).Where(span => span.Kind == kind).Sum(span => (span.To - span.From).TotalSeconds);
    }
}
