using Pipeline.Engine.Runs;

namespace Pipeline.Server.Runs;

/// <summary>Which runs are meant.</summary>
/// <param name="Text">What the name of the pipeline or the run's id holds, in upper or lower case; null for anything.</param>
/// <param name="State">Where they stand; null for anywhere.</param>
internal sealed record RunFilter(string? Text, RunPhase? State)
{
    /// <summary>Whether the run is meant.</summary>
    public bool Holds(RunSummary run) =>
        (State is null || run.Phase == State)
        && (Text is null || run.Pipeline.Contains(Text, StringComparison.OrdinalIgnoreCase) || run.Run.Contains(Text, StringComparison.OrdinalIgnoreCase));
}
