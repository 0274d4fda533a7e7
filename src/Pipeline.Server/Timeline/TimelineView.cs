using Pipeline.Engine.Runs;

namespace Pipeline.Server.Timeline;

/// <summary>What the time of a run went to.</summary>
/// <param name="Start">When it was submitted.</param>
/// <param name="End">When it ended, or now.</param>
/// <param name="Totals">Summed over all stages; stages at work side by side count side by side.</param>
/// <param name="Stages">The stages that had an attempt, in the order of the pipeline.</param>
internal sealed record TimelineView(
    DateTimeOffset Start, DateTimeOffset End, TimeSpent Totals, IReadOnlyList<StageTimeline> Stages);

/// <summary>Where seconds went.</summary>
/// <param name="Working">Work that counts: it is in the outputs, or in a checkpoint from which a later attempt went on, or still going on.</param>
/// <param name="Lost">Work of failed attempts after their last checkpoint.</param>
/// <param name="Queued">From the decision to launch to the first sign of life: waiting for a slot, and starting.</param>
/// <param name="Waiting">From a failure to the decision to launch again.</param>
internal sealed record TimeSpent(double Working, double Lost, double Queued, double Waiting);

/// <summary>A stage on the timeline.</summary>
/// <param name="Instance">The stage instance.</param>
/// <param name="Spans">Its time, without gaps from the first intent to its end.</param>
/// <param name="Checkpoints">When it wrote checkpoints.</param>
internal sealed record StageTimeline(string Instance, IReadOnlyList<TimelineSpan> Spans, IReadOnlyList<DateTimeOffset> Checkpoints);

/// <summary>A span of time in which a stage did one thing.</summary>
/// <param name="Attempt">Number of the attempt.</param>
/// <param name="Kind">What it did.</param>
/// <param name="From">Its beginning.</param>
/// <param name="To">Its end, or now.</param>
/// <param name="State">What became of the attempt.</param>
internal sealed record TimelineSpan(int Attempt, SpanKind Kind, DateTimeOffset From, DateTimeOffset To, AttemptPhase State);

/// <summary>What a stage does in a span of time, see <see cref="TimeSpent"/>.</summary>
internal enum SpanKind
{
    /// <summary>Waits for a slot, or starts.</summary>
    Queued,

    /// <summary>Does work that counts.</summary>
    Working,

    /// <summary>Did work that was lost.</summary>
    Lost,

    /// <summary>Waits to be tried again.</summary>
    Waiting,
}
