namespace Pipeline.Reports.Charts;

/// <summary>The charts of a report.</summary>
public static class ReportCharts
{
    /// <summary>
    /// The figure of the run, two panels a row: held-out accuracy of every model and how readable they are, then length and reflection
    /// over the steps of reinforcement learning. What has the colour of a line is the model that this stage made.
    /// </summary>
    public static IReadOnlyList<Chart> Figure(Report report) =>
    [
        .. report.Models.Count == 0 ? [] : new[] { ModelCharts.PassAt1(report.Models, report.Curves), ModelCharts.Readability(report.Models) },
        .. report.Curves.Count == 0 ? [] : new[] { LearningCharts.Length(report.Curves) },
        .. report.Curves.Any(curve => curve.Reflection.Count > 0) ? new[] { LearningCharts.Reflection(report.Curves) } : [],
    ];

    /// <summary>The other charts for which there is anything to draw, in the order of reading.</summary>
    public static IReadOnlyList<Chart> Of(Report report) =>
    [
        .. report.Curves.Count == 0 ? [] : new[] { LearningCharts.Reward(report.Curves) },
        .. report.Curves.Any(curve => curve.PassAt1.Count > 1) ? new[] { LearningCharts.PassAt1(report.Curves) } : [],
        .. report.Funnels.Where(stage => stage.Funnel.Sampled > 0).Select(FunnelCharts.Of),
    ];
}
