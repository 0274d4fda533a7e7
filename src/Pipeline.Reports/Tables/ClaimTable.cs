using System.Globalization;
using Pipeline.Protocol.Artifacts;
using Pipeline.Protocol.Jobs;

namespace Pipeline.Reports.Tables;

/// <summary>The claims of the pipeline with what was measured.</summary>
internal static class ClaimTable
{
    public static Table Of(Report report) => new(
        "What was claimed",
        [new("no.", IsNumber: false), new("claim", IsNumber: false), new("expected", IsNumber: false), new("measured"), new("95 % interval"), new("holds", IsNumber: false)],
        [.. report.Claims.Index().SelectMany(claim => Rows(claim.Index + 1, claim.Item))],
        "A difference is taken prompt by prompt, in percentage points where the number is a share; intervals by bootstrap over prompts. "
        + "not shown: the bound lies inside the interval."
        + (report.Claims.SelectMany(claim => claim.Rows).Any(row => row.Cases.Count > 1)
            ? " Of several instances: the mean, then the smallest and the largest, and in how many it holds."
            : ""));

    private static IEnumerable<IReadOnlyList<string>> Rows(int number, ClaimResult claim) => claim.Rows.Select((row, i) => (IReadOnlyList<string>)
    [
        number.ToString(CultureInfo.InvariantCulture), i == 0 ? claim.Text : "", Expected(row), Measured(row), Interval(row), Holds(row),
    ]);

    /// <summary>What is expected, as in <c>pass@1 of R1 over base &gt;= +30</c>.</summary>
    public static string Expected(ExpectationRow row)
    {
        var name = row.Metric.StartsWith("eval/", StringComparison.Ordinal) ? row.Metric["eval/".Length..] : row.Metric;
        var bound = IsShare(row.Metric) ? 100 * row.Value : row.Value;
        var value = row.Against is null
            ? bound.ToString("0.###", CultureInfo.InvariantCulture) + (IsShare(row.Metric) ? " %" : "")
            : bound.ToString("+0.###;-0.###;0", CultureInfo.InvariantCulture);
        return $"{name} of {row.Model}{(row.Against is null ? "" : $" over {row.Against}")} {row.Op.Sign()} {value}";
    }

    /// <summary>What came out; of several cases the mean.</summary>
    public static string Measured(ExpectationRow row)
    {
        var values = row.Cases.Where(one => one.Measured is not null).Select(one => one.Measured!.Value).ToList();
        return values.Count == 0 ? Text.None : Number(row, values.Average());
    }

    /// <summary>Its 95 % interval; of several cases the smallest and the largest.</summary>
    public static string Interval(ExpectationRow row)
    {
        var measured = row.Cases.Where(one => one.Measured is not null).Select(one => one.Measured!).ToList();
        var (low, high) = measured switch
        {
            [] => (double.NaN, double.NaN),
            [var one] => (one.Low, one.High),
            _ => (measured.Min(one => one.Value), measured.Max(one => one.Value)),
        };
        if (!double.IsFinite(low) || !double.IsFinite(high)) return Text.None;
        return IsShare(row.Metric) && row.Against is null ? Text.Interval(new Estimate(double.NaN, low, high)) : $"{Number(row, low)} to {Number(row, high)}";
    }

    /// <summary>Whether it holds, and in how many of several cases.</summary>
    public static string Holds(ExpectationRow row) => row.Cases.Count == 1
        ? Word(row.Verdict)
        : $"{(row.Verdict == Verdict.Holds ? "yes" : Word(row.Verdict))}, in {row.Cases.Count(one => one.Verdict == Verdict.Holds)} of {row.Cases.Count}";

    private static string Word(Verdict verdict) => verdict switch
    {
        Verdict.Holds => "yes",
        Verdict.NotShown => "not shown",
        Verdict.NotMeasured => "not measured",
        _ => "does not hold",
    };

    private static string Number(ExpectationRow row, double value) => (IsShare(row.Metric), row.Against) switch
    {
        (true, null) => Text.Percent(value),
        (true, _) => Text.Points(value),
        (false, null) => value.ToString("0.##", CultureInfo.InvariantCulture),
        _ => value.ToString("+0.##;-0.##;0", CultureInfo.InvariantCulture),
    };

    /// <summary>Whether it is shown in percent: the shares among the metrics of an evaluation, and the accuracy of reward models.</summary>
    private static bool IsShare(string metric) =>
        metric is "accuracy" || (metric.StartsWith("eval/", StringComparison.Ordinal) && metric is not ("eval/mean_length" or "eval/n"));
}
