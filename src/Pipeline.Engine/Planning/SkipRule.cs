using Pipeline.Engine.Runs;

namespace Pipeline.Engine.Planning;

/// <summary>
/// Which stages are left out: one whose condition does not hold, and one that reads an output of a stage that was left out
/// and cannot do without. A stage that only <c>needs</c> it starts.
/// </summary>
public static class SkipRule
{
    /// <summary>Why the stage is left out, as soon as that can be told; null if it is not, or cannot be told yet.</summary>
    public static string? Reason(RunState state, StageState stage)
    {
        foreach (var input in stage.Stage.Inputs.Values)
            if (input is { Makers: [_, ..] makers, Optional: false } && makers.All(maker => state.Stage(maker).Phase == StagePhase.Skipped))
                return $"It reads '{input.Output}' of {string.Join(", ", makers)}, which {(makers.Count == 1 ? "is" : "are")} skipped.";

        if (stage.Stage.If is not { } condition) return null;
        if (condition.Param is { } param)
            return condition.Holds(state.Pipeline.Params[param]) ? null : $"It runs if {condition}; {param} is {state.Pipeline.Params[param]}.";

        var source = state.Stage(condition.Stage!);
        if (source.Phase == StagePhase.Skipped) return $"It runs if {condition}, which is skipped.";
        return !source.Done || !source.Metrics.TryGetValue(condition.Metric!, out var value) || condition.Holds(value)
            ? null
            : $"It runs if {condition}; the value is {MetricText.Of(value)}.";
    }

    /// <summary>Throws if the metric that decides was not reported: neither running nor skipping would follow from anything.</summary>
    /// <exception cref="EngineException"><see cref="EngineErrors.MetricMissing"/>.</exception>
    public static void Check(RunState state, StageState stage)
    {
        if (stage.Stage.If is not { Metric: { } metric } condition) return;
        var source = state.Stage(condition.Stage!);
        if (source.Metrics.ContainsKey(metric)) return;
        var reported = source.Metrics.Count == 0 ? "no metrics" : string.Join(", ", source.Metrics.Keys.Order(StringComparer.Ordinal));
        throw new EngineException(
            EngineErrors.MetricMissing,
            $"Stage '{stage.Instance}' runs if {condition}, but {condition.Stage} reported {reported}. Name one of those in its `if`.");
    }
}
