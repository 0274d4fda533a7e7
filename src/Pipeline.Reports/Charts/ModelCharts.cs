using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;
using Pipeline.Protocol.Artifacts;
using Pipeline.Reports.Tables;

namespace Pipeline.Reports.Charts;

/// <summary>The models side by side, from top to bottom in the order of the pipeline.</summary>
internal static class ModelCharts
{
    /// <summary>pass@1 of each model with its interval, in the colour that its curve has if it was made by reinforcement.</summary>
    public static Chart PassAt1(IReadOnlyList<EvaluationReport> models, IReadOnlyList<LearningCurve> curves)
    {
        var colors = curves.Index().DistinctBy(entry => entry.Item.Model).ToDictionary(entry => entry.Item.Model, entry => Ink.Series(entry.Index));
        var plot = Plot.Empty();
        plot.Axes.Add(Plot.Names(models.Select(model => model.Name)));
        var values = Plot.Names(models.Select(model => Text.Decimal(100 * model.PassAt1.Value).PadLeft(5, '\u2007'))); // a space as wide as a digit
        (values.Position, values.Key) = (AxisPosition.Right, "values");
        plot.Axes.Add(values);
        plot.Axes.Add(Plot.Percent("pass@1 (%)"));
        foreach (var (row, model) in models.Index())
        {
            var color = colors.GetValueOrDefault(model.Name, Ink.Muted);
            if (double.IsFinite(model.PassAt1.Low) && double.IsFinite(model.PassAt1.High))
            {
                var interval = new LineSeries { Color = color, StrokeThickness = 2 };
                interval.Points.Add(new DataPoint(100 * model.PassAt1.Low, row));
                interval.Points.Add(new DataPoint(100 * model.PassAt1.High, row));
                plot.Series.Add(interval);
            }
            if (!double.IsFinite(model.PassAt1.Value)) continue;
            var dot = new ScatterSeries { MarkerType = MarkerType.Circle, MarkerSize = 3, MarkerFill = color };
            dot.Points.Add(new ScatterPoint(100 * model.PassAt1.Value, row));
            plot.Series.Add(dot);
        }
        return Plot.ToChart(
            plot, Height(models), "accuracy", "Accuracy through the stages", $"pass@1 on {Asked(models)}, with its 95 % interval.", "pass@1 of each model with its 95 % interval");
    }

    /// <summary>How unreadable the completions of each model are.</summary>
    public static Chart Readability(IReadOnlyList<EvaluationReport> models)
    {
        var plot = Plot.Empty();
        plot.Legends.Add(Plot.Legend());
        var names = Plot.Names(models.Select(model => model.Name));
        names.GapWidth = 0.35;
        plot.Axes.Add(names);
        var axis = Plot.Numbers(AxisPosition.Bottom, "share (%)");
        (axis.Minimum, axis.MaximumPadding) = (0, 0.12); // room for the number at the end of the longest bar
        plot.Axes.Add(axis);
        plot.Series.Add(Bars("mixing", Ink.Bad, models.Select(model => model.Mixing)));
        plot.Series.Add(Bars("repetition", Ink.Muted, models.Select(model => (double?)model.Repetition)));
        return Plot.ToChart(
            plot, Height(models), "readability", "Mixing and repetition", "Completions that change the language; repeated 4-grams.",
            "Rates of language mixing and repetition of each model");
    }

    private static string Asked(IReadOnlyList<EvaluationReport> models) =>
        models.Select(model => (model.N, model.K)).Distinct().ToList() is [var (n, k)] ? $"{Text.Count(n)} held-out prompts × {Text.Count(k)} samples" : "held-out prompts";

    private static BarSeries Bars(string title, OxyColor color, IEnumerable<double?> shares)
    {
        var bars = new BarSeries
        {
            Title = title, FillColor = color, StrokeColor = OxyColors.Transparent, BarWidth = 1, FontSize = 10, LabelFormatString = "{0:0.0}", LabelPlacement = LabelPlacement.Outside, LabelMargin = 3,
        };
        foreach (var share in shares) bars.Items.Add(new BarItem(100 * share ?? double.NaN));
        return bars;
    }

    private static int Height(IReadOnlyList<EvaluationReport> models) => 80 + 28 * Math.Max(3, models.Count);
}
