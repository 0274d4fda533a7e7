using Pipeline.Engine.Runs;
using Pipeline.Protocol.Artifacts;
using Pipeline.Rewards.Statistics;
using Pipeline.Spec.Resolved;

namespace Pipeline.Reports.Reading;

/// <summary>Holds the claims of a pipeline against what its stages measured.</summary>
/// <param name="state">The run.</param>
/// <param name="evaluations">Its evaluations by instance.</param>
internal sealed class ClaimCheck(RunState state, IReadOnlyDictionary<string, EvaluationReport> evaluations)
{
    private const string Evaluated = "eval/";

    /// <summary>The claims with their verdicts, in the order of the file.</summary>
    public IReadOnlyList<ClaimResult> Results() =>
        [.. state.Pipeline.Claims.Select(claim => new ClaimResult(Printable.Of(claim.Text), [.. claim.Expectations.Select(Row)]))];

    private ExpectationRow Row(Expectation expected)
    {
        var first = expected.Cases[0];
        return new ExpectationRow(
            Printable.Of(expected.Metric), Name(first.Stage), first.Against is { } against ? Name(against) : null, expected.Op, expected.Value,
            [.. expected.Cases.Select(one => MeasuredCase.Of(one.Stage, Measured(one, expected.Metric), expected.Op, expected.Value))]);
    }

    private string Name(string instance) =>
        evaluations.GetValueOrDefault(instance)?.Name ?? Printable.Of(state.ByInstance.GetValueOrDefault(instance)?.Stage.Id ?? instance);

    private Estimate? Measured(ClaimCase one, string metric)
    {
        var terms = Terms(one.Stage, metric);
        if (one.Against is not { } other) return terms is null ? Reported(one.Stage, metric) : Estimate(Quotient.Of([.. terms.Select(prompt => prompt.Term)]));
        if (terms is not null && Terms(other, metric) is { } others && PairedComparison.Pair(terms, others) is { Count: > 0 } pairs)
            return Estimate(Quotient.Difference(pairs));
        return Reported(one.Stage, metric) is { } mine && Reported(other, metric) is { } its
            ? new Estimate(mine.Value - its.Value, double.NaN, double.NaN)
            : null;
    }

    /// <summary>What each prompt adds to the metric; null where the stage is no evaluation, or an old one.</summary>
    private List<(string Prompt, Quotient.Term Term)>? Terms(string instance, string metric)
    {
        if (!metric.StartsWith(Evaluated, StringComparison.Ordinal) || evaluations.GetValueOrDefault(instance) is not { } evaluation) return null;
        if (evaluation.ByPrompt.GetValueOrDefault(metric[Evaluated.Length..]) is not { } terms) return null;
        var prompts = terms.Above.Zip(terms.Below, (above, below) => new Quotient.Term(above, below));
        return [.. evaluation.ProblemIds.Zip(prompts)];
    }

    /// <summary>What the stage reported last, with the interval that it may have reported beside it.</summary>
    private Estimate? Reported(string instance, string metric)
    {
        var metrics = state.ByInstance.GetValueOrDefault(instance)?.Metrics;
        return metrics is null || !metrics.TryGetValue(metric, out var value) ? null
            : new Estimate(value, metrics.GetValueOrDefault($"{metric}_low", double.NaN), metrics.GetValueOrDefault($"{metric}_high", double.NaN));
    }

    private static Estimate Estimate(Interval interval) => new(interval.Value, interval.Low, interval.High, interval.StandardError);
}
