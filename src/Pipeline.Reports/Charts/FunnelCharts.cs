using OxyPlot.Series;

namespace Pipeline.Reports.Charts;

/// <summary>How few of the completions that were sampled are kept, filter by filter.</summary>
internal static class FunnelCharts
{
    /// <summary>A bar for what is left after each filter, from top to bottom.</summary>
    /// <param name="stage">The funnel; something was sampled.</param>
    /// <param name="number">Unlike that of any other funnel on the page.</param>
    public static Chart Of(StageFunnel stage, int number)
    {
        var funnel = stage.Funnel;
        // A filter that dropped nothing has the bar of the one above it.
        var steps = funnel.Steps.Where(step => step.Dropped > 0).ToList();
        var plot = Plot.Empty();
        plot.Axes.Add(Plot.Names(["sampled", .. steps.Select(step => step.Reason)]));
        plot.Axes.Add(Plot.Percent("left (%)"));
        var bars = new BarSeries { FillColor = Ink.Series(0), StrokeColor = Ink.Series(0), BarWidth = 0.7 };
        foreach (var left in steps.Select(step => step.Left).Prepend(funnel.Sampled)) bars.Items.Add(new BarItem(100.0 * left / funnel.Sampled));
        plot.Series.Add(bars);
        return Plot.ToChart(
            plot, 80 + 28 * Math.Max(3, steps.Count + 1), $"funnel-{number}", $"Kept by {stage.Stage}",
            "Completions left after each filter that dropped some, of all that were sampled.", "Share of the completions left after each filter");
    }
}
