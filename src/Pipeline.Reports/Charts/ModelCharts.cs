using OxyPlot;
using OxyPlot.Series;
using Pipeline.Protocol.Artifacts;

namespace Pipeline.Reports.Charts;

/// <summary>The models side by side, from top to bottom in the order of the pipeline.</summary>
internal static class ModelCharts
{
    /// <summary>pass@1 of each model with its interval.</summary>
    public static Chart PassAt1(IReadOnlyList<EvaluationReport> models)
    {
        var plot = Plot.Empty();
        plot.Axes.Add(Plot.Names(models.Select(model => model.Name)));
        plot.Axes.Add(Plot.Percent("pass@1 (%)"));
        foreach (var (row, model) in models.Index())
        {
            if (!double.IsFinite(model.PassAt1.Low) || !double.IsFinite(model.PassAt1.High)) continue;
            var interval = new LineSeries { Color = Ink.Series(0), StrokeThickness = 2 };
            interval.Points.Add(new DataPoint(100 * model.PassAt1.Low, row));
            interval.Points.Add(new DataPoint(100 * model.PassAt1.High, row));
            plot.Series.Add(interval);
        }
        plot.Series.Add(Dots("pass@1", MarkerType.Circle, 0, models.Select(model => (double?)model.PassAt1.Value)));
        return new Chart(
            "Accuracy",
            "Share of right answers on held-out prompts; the line is the 95 % interval.",
            Plot.ToSvg(plot, Height(models), "accuracy", "pass@1 of each model with its 95 % interval"));
    }

    /// <summary>How readable the completions of each model are.</summary>
    public static Chart Readability(IReadOnlyList<EvaluationReport> models)
    {
        var plot = Plot.Empty();
        plot.Legends.Add(Plot.Legend());
        plot.Axes.Add(Plot.Names(models.Select(model => model.Name)));
        plot.Axes.Add(Plot.Percent("share (%)"));
        plot.Series.Add(Dots("format", MarkerType.Circle, 2, models.Select(model => (double?)model.Format)));
        plot.Series.Add(Dots("mixing", MarkerType.Diamond, 1, models.Select(model => model.Mixing)));
        var repetition = Dots("repetition", MarkerType.Square, 3, models.Select(model => (double?)model.Repetition));
        // Both are near zero in a good model: a hollow mark shows the one beneath.
        (repetition.MarkerFill, repetition.MarkerStroke, repetition.MarkerStrokeThickness) = (OxyColors.Transparent, Ink.Series(3), 1.75);
        plot.Series.Add(repetition);
        return new Chart(
            "Readability",
            "Completions of the expected form (more is better), completions that change the language, and repeated 4-grams "
            + "(less is better).",
            Plot.ToSvg(plot, Height(models), "readability", "Rates of format, language mixing and repetition of each model"));
    }

    private static ScatterSeries Dots(string title, MarkerType marker, int color, IEnumerable<double?> shares)
    {
        var dots = new ScatterSeries { Title = title, MarkerType = marker, MarkerSize = 5, MarkerFill = Ink.Series(color) };
        foreach (var (row, share) in shares.Index())
            if (share is { } value && double.IsFinite(value)) dots.Points.Add(new ScatterPoint(100 * value, row));
        return dots;
    }

    private static int Height(IReadOnlyList<EvaluationReport> models) => 80 + 28 * Math.Max(3, models.Count);
}
