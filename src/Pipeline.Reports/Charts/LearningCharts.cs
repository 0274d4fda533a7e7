using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace Pipeline.Reports.Charts;

/// <summary>The stages of reinforcement learning over each other, by step.</summary>
internal static class LearningCharts
{
    private const int Height = 260;

    /// <summary>More points than this cannot be told apart in the drawing.</summary>
    private const int MaxPoints = 300;

    public static Chart Reward(IReadOnlyList<LearningCurve> curves) =>
        Draw("reward", "Reward", "Mean reward of a completion while training; each stage has a reward of its own.", "reward",
            curves, curve => curve.Reward);

    public static Chart Length(IReadOnlyList<LearningCurve> curves) =>
        Draw("length", "Length while RL trains", "Tokens a completion, mean of each step.", "tokens", curves, curve => curve.Length);

    public static Chart Reflection(IReadOnlyList<LearningCurve> curves) =>
        Draw("reflection", "Reflection while RL trains", "Completions with a word of reflection, in each step.", "completions (%)", curves, curve => Percent(curve.Reflection));

    public static Chart PassAt1(IReadOnlyList<LearningCurve> curves) =>
        Draw("held-out", "Accuracy while training", "pass@1 on a part of the held-out prompts.", "pass@1 (%)", curves, curve => Percent(curve.PassAt1));

    private static IReadOnlyList<CurvePoint> Percent(IReadOnlyList<CurvePoint> shares) => [.. shares.Select(point => point with { Value = 100 * point.Value })];

    private static Chart Draw(
        string id, string title, string caption, string unit,
        IReadOnlyList<LearningCurve> curves, Func<LearningCurve, IReadOnlyList<CurvePoint>> values)
    {
        var plot = Plot.Empty();
        plot.Legends.Add(Plot.Legend());
        plot.Axes.Add(Plot.Numbers(AxisPosition.Bottom, "step"));
        plot.Axes.Add(Plot.Numbers(AxisPosition.Left, unit));
        var bucket = 1;
        foreach (var (i, curve) in curves.Index())
        {
            var points = values(curve);
            if (points.Count == 0) continue;
            var size = (points.Count + MaxPoints - 1) / MaxPoints;
            bucket = Math.Max(bucket, size);
            var line = new LineSeries { Title = curve.Model, Color = Ink.Series(i), StrokeThickness = 1.75, LineJoin = LineJoin.Round };
            if (points.Count <= 12) (line.MarkerType, line.MarkerFill, line.MarkerSize) = (MarkerType.Circle, Ink.Series(i), 3);
            line.Points.AddRange(points.Chunk(size).Select(chunk =>
                new DataPoint(chunk.Average(point => point.Step), chunk.Average(point => point.Value))));
            plot.Series.Add(line);
        }
        if (bucket > 1) caption += $" A point is the mean of up to {bucket} steps.";
        return Plot.ToChart(plot, Height, id, title, caption, $"{title} by step, a line per stage");
    }
}
