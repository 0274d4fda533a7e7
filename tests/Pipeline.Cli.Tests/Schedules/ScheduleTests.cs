using Pipeline.Cli.Schedules;

namespace Pipeline.Cli.Tests.Schedules;

/// <summary>When a schedule's times come.</summary>
public sealed class ScheduleTests
{
    private static readonly DateTimeOffset Noon = new(2025, 6, 2, 12, 0, 0, TimeSpan.Zero); // a Monday

    [TestCase("0 * * * *", "2025-06-02 11:30", "2025-06-02 12:00", Description = "the time itself has come")]
    [TestCase("0 * * * *", "2025-06-02 12:00", null, Description = "and is dealt with once")]
    [TestCase("*/10 * * * *", "2025-06-02 09:00", "2025-06-02 12:00", Description = "of eighteen that passed, the newest")]
    [TestCase("0 13 * * *", "2025-05-01 00:00", "2025-06-01 13:00", Description = "23 hours ago")]
    [TestCase("0 11 * * 0", "2025-05-01 00:00", null, Description = "the Sunday before is 25 hours ago")]
    [TestCase("0 0 31 2 *", "2025-05-01 00:00", null, Description = "there is no such day")]
    public void Due_IsTheNewestTimeOfTheLastDay_ThatIsNotDealtWith(string cron, string until, string? due) =>
        Assert.That(Of(cron, Utc(until)).Due(Noon), Is.EqualTo(due is null ? (DateTimeOffset?)null : Utc(due)));

    [Test]
    public void Times_AreThoseOfTheZone_AlsoWhereItsClockIsMoved()
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById("Europe/Berlin", out _)) Assert.Ignore("this machine has no time zones (tzdata)");
        var nightly = Of("30 2 * * *", Utc("2025-01-01 00:00")) with { TimeZone = "Europe/Berlin" };
        // On 30 March two o'clock is three: half past two does not exist, and three is the first time after it.
        DateTimeOffset?[] times = [nightly.Next(Utc("2025-03-28 12:00")), nightly.Next(Utc("2025-03-29 12:00")), nightly.Next(Utc("2025-03-30 12:00"))];
        Assert.That(times, Is.EqualTo(new DateTimeOffset?[] { Utc("2025-03-29 01:30"), Utc("2025-03-30 01:00"), Utc("2025-03-31 00:30") }));
    }

    [Test]
    public void Run_IsNamedAfterTimeAndSchedule() =>
        Assert.That(Of("0 12 * * *", Noon).RunOf(new(2025, 6, 2, 14, 0, 0, TimeSpan.FromHours(2))), Is.EqualTo("20250602-120000-nightly"));

    private static Schedule Of(string cron, DateTimeOffset until) => new() { Name = "nightly", File = "/p.yaml", Cron = cron, TimeZone = "UTC", Until = until };

    private static DateTimeOffset Utc(string time) => DateTimeOffset.Parse(time + "Z", System.Globalization.CultureInfo.InvariantCulture);
}
