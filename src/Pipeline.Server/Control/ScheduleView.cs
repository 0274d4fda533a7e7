namespace Pipeline.Server.Control;

/// <summary>A pipeline that the serving program starts again and again.</summary>
/// <param name="Name">Its name.</param>
/// <param name="File">The pipeline file.</param>
/// <param name="Cron">When, in cron's five fields.</param>
/// <param name="TimeZone">The time zone of <paramref name="Cron"/>.</param>
/// <param name="Next">When it starts the next run; null if never again.</param>
/// <param name="LastRun">The run it started last; null if it has started none.</param>
/// <param name="Trouble">Why its last time started nothing; null if it did.</param>
public sealed record ScheduleView(string Name, string File, string Cron, string TimeZone, DateTimeOffset? Next, string? LastRun, string? Trouble);
