using Pipeline.Engine.Runs;

namespace Pipeline.Store;

/// <summary>A row of <c>runs</c>.</summary>
internal sealed record RunRow(string Run, string Pipeline, string Phase, string Submitted, string? Ended, long Sequence)
{
    public RunSummary Summary =>
        new(Run, Pipeline, Enum.Parse<RunPhase>(Phase), Times.Of(Submitted), Ended is null ? null : Times.Of(Ended), Sequence);

    public static RunRow Of(RunSummary run) => new(
        run.Run, run.Pipeline, run.Phase.ToString(), Times.Text(run.Submitted), run.Ended is { } ended ? Times.Text(ended) : null, run.Sequence);
}
