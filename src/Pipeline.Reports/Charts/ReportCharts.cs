namespace Pipeline.Reports.Charts;

/// <summary>The charts of a report.</summary>
public static class ReportCharts
{
    /// <summary>Those for which there is anything to draw, in the order of reading.</summary>
    public static IReadOnlyList<Chart> Of(Report report)
    {
        var charts = new List<Chart>();
        if (report.Models.Count > 0) charts.AddRange([ModelCharts.PassAt1(report.Models), ModelCharts.Readability(report.Models)]);
        if (report.Curves.Count > 0) charts.AddRange([LearningCharts.Reward(report.Curves), LearningCharts.Length(report.Curves)]);
        if (report.Curves.Any(curve => curve.PassAt1.Count > 1)) charts.Add(LearningCharts.PassAt1(report.Curves));
        charts.AddRange(report.Funnels.Where(stage => stage.Funnel.Sampled > 0).Select(FunnelCharts.Of));
        return charts;
    }
}
