using Pipeline.Protocol.Artifacts;
using Pipeline.Protocol.Jobs;

namespace Pipeline.Reports;

/// <summary>A claim of the pipeline held against what was measured.</summary>
/// <param name="Text">What is claimed.</param>
/// <param name="Rows">What it expects, each with what came out.</param>
public sealed record ClaimResult(string Text, IReadOnlyList<ExpectationRow> Rows)
{
    /// <summary>Whether it holds: it does if all that it expects does, and does not as soon as one of these does not.</summary>
    public Verdict Verdict => Rows.Select(row => row.Verdict).DefaultIfEmpty(Verdict.NotMeasured).Max();
}

/// <summary>What a claim expects, and what came out.</summary>
/// <param name="Metric">Name of the metric.</param>
/// <param name="Model">The model, or the stage where it is none.</param>
/// <param name="Against">The one it is compared with; null where the metric itself is meant.</param>
/// <param name="Op">How the metric is compared.</param>
/// <param name="Value">The bound.</param>
/// <param name="Cases">What came out, once for each combination of matrix values.</param>
public sealed record ExpectationRow(string Metric, string Model, string? Against, Comparison Op, double Value, IReadOnlyList<MeasuredCase> Cases)
{
    /// <summary>Of several cases the worst counts.</summary>
    public Verdict Verdict => Cases.Select(one => one.Verdict).Max();
}

/// <summary>What came out in one case.</summary>
/// <param name="Stage">The instance it is about.</param>
/// <param name="Measured">The number, with its interval where one is known; null if it was not measured.</param>
/// <param name="Verdict">Whether that is what was expected.</param>
public sealed record MeasuredCase(string Stage, Estimate? Measured, Verdict Verdict)
{
    /// <summary>Holds a measurement against a bound. An interval that has the bound inside shows neither.</summary>
    internal static MeasuredCase Of(string stage, Estimate? measured, Comparison op, double bound)
    {
        if (measured is null || !double.IsFinite(measured.Value)) return new(stage, null, Verdict.NotMeasured);
        var (low, high) = double.IsFinite(measured.Low) && double.IsFinite(measured.High) ? (measured.Low, measured.High) : (measured.Value, measured.Value);
        var verdict = (op.Holds(low, bound), op.Holds(high, bound)) switch
        {
            (true, true) => Verdict.Holds,
            (false, false) => Verdict.DoesNotHold,
            _ => Verdict.NotShown,
        };
        return new(stage, measured, verdict);
    }
}

/// <summary>Whether a claim holds, from the best to the worst.</summary>
public enum Verdict
{
    /// <summary>The whole interval is where it is expected.</summary>
    Holds,

    /// <summary>The bound lies in the interval: more prompts or samples would tell.</summary>
    NotShown,

    /// <summary>There is no such number.</summary>
    NotMeasured,

    /// <summary>The whole interval is on the other side of the bound.</summary>
    DoesNotHold,
}
