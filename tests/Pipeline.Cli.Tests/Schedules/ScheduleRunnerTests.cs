using Microsoft.Extensions.Time.Testing;
using Pipeline.Cli.Hosting;
using Pipeline.Cli.Schedules;
using Pipeline.Engine.Runs;
using Serilog.Core;

namespace Pipeline.Cli.Tests.Schedules;

/// <summary>What is started when a time comes. No engine is at work: runs stay as they were submitted.</summary>
public sealed class ScheduleRunnerTests : CommandTest
{
    private FakeTimeProvider _time = null!;
    private Workspace _workspace = null!;
    private ScheduleFolder _schedules = null!;

    [SetUp]
    public void Open()
    {
        _time = new(new(2025, 6, 2, 11, 59, 30, TimeSpan.Zero));
        _workspace = Workspace.Open(Bench.State);
        _schedules = new ScheduleFolder(_workspace.Folder);
        _schedules.Add(new Schedule { Name = "nightly", File = Bench.Pipeline(), Sets = ["stages.first.with.steps=3"], Cron = "0 * * * *", TimeZone = "UTC", Until = _time.GetUtcNow() });
    }

    [TearDown]
    public void Close() => _workspace.Dispose();

    [Test]
    public async Task Time_ThatComes_StartsOneRun_WithWhatIsOverridden()
    {
        await Round();
        Assert.That(await Runs(), Is.Empty, "half a minute too early");
        _time.Advance(TimeSpan.FromMinutes(1));
        await Round();
        await Round();
        Assert.That(await Runs(), Is.EqualTo(new[] { "20250602-120000-nightly" }));
        Assert.That(Only.LastRun, Is.EqualTo("20250602-120000-nightly"));
        var state = await _workspace.Client.State("20250602-120000-nightly");
        Assert.That(state.Stage("first").Stage.Options["steps"]!.GetValue<int>(), Is.EqualTo(3));
    }

    [Test]
    public async Task Server_KilledBetweenStartAndNote_OrASecondOne_StartsItOnce()
    {
        _time.Advance(TimeSpan.FromMinutes(1));
        var before = Only;
        await Round();
        _schedules.Update(before); // as if it had not been noted
        await Round();
        Assert.That(await Runs(), Has.Count.EqualTo(1));
        Assert.That(Only.Until, Is.EqualTo(new DateTimeOffset(2025, 6, 2, 12, 0, 0, TimeSpan.Zero)));
        Assert.That(Only.Trouble, Is.Null);
    }

    [Test]
    public async Task Run_StillUnderWay_IsNotJoinedByAnother()
    {
        _time.Advance(TimeSpan.FromMinutes(1));
        await Round();
        _time.Advance(TimeSpan.FromHours(1));
        await Round();
        Assert.That(await Runs(), Has.Count.EqualTo(1));
        Assert.That(Only.Trouble, Is.EqualTo("2025-06-02 13:00: run 20250602-120000-nightly was still under way."));

        await _workspace.Store.Append("20250602-120000-nightly", 1, [new RunFailed { Run = "20250602-120000-nightly", Sequence = 2, Time = _time.GetUtcNow(), Failed = ["first"] }]);
        _time.Advance(TimeSpan.FromHours(1));
        await Round();
        Assert.That(await Runs(), Is.EqualTo(new[] { "20250602-140000-nightly", "20250602-120000-nightly" }));
        Assert.That(Only.Trouble, Is.Null);
    }

    [Test]
    public async Task File_ThatIsWrongByNow_IsToldWithItsPlace_AndTheOthersGoOn()
    {
        _schedules.Add(Only with { Name = "weekly" });
        File.AppendAllText(Bench.Pipeline(), "\ncolour: red\n");
        _time.Advance(TimeSpan.FromMinutes(1));
        await Round();
        Assert.That(await Runs(), Is.Empty);
        Assert.That(_schedules.All.Select(schedule => schedule.Trouble), Has.All.Contains("SPEC_UNKNOWN_KEY"));
    }

    [Test]
    public async Task Schedule_ThatIsDamaged_IsNamed_AndTheOthersGoOn()
    {
        File.WriteAllText(Path.Combine(Bench.State, "schedules", "a.json"), "{");
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.That(await Runner.Round(), Does.Contain("a.json is not a schedule"));
        Assert.That(await Runs(), Is.EqualTo(new[] { "20250602-120000-nightly" }));
    }

    [Test]
    public async Task Schedule_RemovedWhileItStarts_StaysRemoved()
    {
        var removed = Only;
        _schedules.Remove("nightly");
        _schedules.Update(removed);
        Assert.That(_schedules.All, Is.Empty);
        Assert.That(await Runs(), Is.Empty);
    }

    [Test]
    public async Task Commands_AddListAndRemove_OrSayWhatIsWrong()
    {
        var pipeline = Bench.Pipeline();
        Assert.That((await Add("0 2 * *")).Error, Does.Contain("SCHEDULE_CRON").And.Contain("five fields"));
        Assert.That((await Add("0 2 * * *", "--time-zone", "Middle/Earth")).Error, Does.Contain("SCHEDULE_ZONE").And.Contain("Middle/Earth"));
        Assert.That((await Add("0 2 * * *", "--name", "../x")).Error, Does.Contain("SCHEDULE_NAME"));
        Assert.That((await Add("0 2 * * *", "--name", "nightly")).Error, Does.Contain("SCHEDULE_EXISTS"));
        Assert.That((await Add("0 2 * * *", "--set", "stages.first.colour=red")).ExitCode, Is.EqualTo(2));
        var added = await Add("0 2 * * *", "--time-zone", "UTC");
        Assert.That(added.Out, Does.StartWith("Schedule pipeline: the first run starts at ").And.Contain("02:00 +00:00"), added.Error);

        var listed = (await Bench.CallHere("schedule", "list", "--json")).Json;
        Assert.That(listed.EnumerateArray().Select(schedule => schedule.GetProperty("name").GetString()), Is.EqualTo(new[] { "nightly", "pipeline" }));
        Assert.That((await Bench.CallHere("schedule", "list")).Out, Does.Contain("none yet"));
        Assert.That((await Bench.CallHere("schedule", "remove", "pipeline")).ExitCode, Is.Zero);
        Assert.That((await Bench.CallHere("schedule", "remove", "pipeline")).Error, Does.Contain("SCHEDULE_UNKNOWN"));

        Task<CommandResult> Add(string cron, params string[] more) => Bench.CallHere("schedule", ["add", pipeline, "--cron", cron, .. more]);
    }

    private Schedule Only => _schedules.All.Single();

    private ScheduleRunner Runner => new(_workspace, _ => new StageProgram(["/stage"], "build"), _time, Logger.None);

    private async Task Round() => Assert.That(await Runner.Round(), Is.Null);

    private async Task<IReadOnlyList<string>> Runs() => [.. (await _workspace.Client.Newest(10)).Select(run => run.Run)];
}
