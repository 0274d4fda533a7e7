using Pipeline.Reports.Tables;

namespace Pipeline.Reports.Writers;

/// <summary>What stands above the tables.</summary>
internal static class Heading
{
    /// <summary>One sentence: which run, how it ended, when and how long.</summary>
    public static string Of(Report report)
    {
        var duration = report.Ended is { } ended ? $" in {Text.Duration((ended - report.Submitted).TotalSeconds)}" : "";
        return $"Run {report.Run}: {Text.Word(report.State)}{duration}, submitted {report.Submitted.UtcDateTime:yyyy-MM-dd HH:mm} UTC.";
    }

    /// <summary>What was given: parameters and overrides; empty if nothing.</summary>
    public static string Given(Report report) => string.Join(", ", report.Params.Concat(report.Overrides));
}
