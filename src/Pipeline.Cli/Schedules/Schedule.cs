using System.Globalization;
using System.Text.Json.Serialization;
using Cronos;
using Pipeline.Spec;

namespace Pipeline.Cli.Schedules;

/// <summary>A pipeline that is started again and again, as <c>schedules/NAME.json</c> in a state folder keeps it.</summary>
internal sealed record Schedule
{
    // A run that is later than this is not what was asked for any more.
    private static readonly TimeSpan Latest = TimeSpan.FromDays(1);

    /// <summary>Its name, with which the ids of its runs end.</summary>
    public required string Name { get; init; }

    /// <summary>Absolute path of the pipeline file, which is read anew each time.</summary>
    public required string File { get; init; }

    /// <summary>A profile of the file; null for none.</summary>
    public string? Profile { get; init; }

    /// <summary>Values of parameters, each <c>name=value</c>.</summary>
    public IReadOnlyList<string> Params { get; init; } = [];

    /// <summary>Settings by place, each <c>path=value</c>.</summary>
    public IReadOnlyList<string> Sets { get; init; } = [];

    /// <summary>When, in the five fields of cron: minute, hour, day of the month, month, day of the week.</summary>
    public required string Cron { get; init; }

    /// <summary>The time zone of <see cref="Cron"/>, as <c>Europe/Berlin</c>.</summary>
    public required string TimeZone { get; init; }

    /// <summary>Its times up to this one are dealt with.</summary>
    public required DateTimeOffset Until { get; init; }

    /// <summary>The run it started last; null if it has started none.</summary>
    public string? LastRun { get; init; }

    /// <summary>Why its last time started nothing, for a person; null if it did.</summary>
    public string? Trouble { get; init; }

    /// <summary>What is overridden in the file.</summary>
    [JsonIgnore]
    public Overrides Overrides => new() { Profile = Profile, Params = Params, Sets = Sets };

    /// <summary>Its first time after another, in its own zone; null if there is none.</summary>
    /// <exception cref="CliException"><c>SCHEDULE_CRON</c>, <c>SCHEDULE_ZONE</c>.</exception>
    public DateTimeOffset? Next(DateTimeOffset after) => Expression().GetNextOccurrence(after, Zone());

    /// <summary>
    /// The newest of its times that has come and is not dealt with; null if there is none. Of several that passed while
    /// nobody served, only the newest counts, and none after a day.
    /// </summary>
    public DateTimeOffset? Due(DateTimeOffset now)
    {
        var begin = now - Latest > Until ? now - Latest : Until;
        DateTimeOffset? due = null;
        for (var time = Next(begin); time <= now; time = Next(time.Value)) due = time;
        return due;
    }

    /// <summary>The id of the run of one of its times: whoever starts it, and however often, it is one run.</summary>
    public string RunOf(DateTimeOffset due) => string.Create(CultureInfo.InvariantCulture, $"{due.UtcDateTime:yyyyMMdd-HHmmss}-{Name}");

    private CronExpression Expression()
    {
        try { return CronExpression.Parse(Cron); }
        catch (CronFormatException error)
        {
            throw new CliException("SCHEDULE_CRON",
                $"'{Cron}' is not a time of cron's: {error.Message} It has five fields: minute, hour, day of the month, month, day of the week; '30 2 * * 1-5' is half past two on working days.",
                ExitCode.Usage);
        }
    }

    private TimeZoneInfo Zone()
    {
        if (TimeZone == TimeZoneInfo.Local.Id) return TimeZoneInfo.Local; // not every machine's has a name to find it by
        try { return TimeZoneInfo.FindSystemTimeZoneById(TimeZone); }
        catch (Exception error) when (error is TimeZoneNotFoundException or InvalidTimeZoneException)
        {
            throw new CliException("SCHEDULE_ZONE", $"This machine knows no time zone '{TimeZone}'. Name one such as Europe/Berlin or UTC; Debian's package tzdata has them.", ExitCode.Usage);
        }
    }
}
