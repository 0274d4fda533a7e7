using Microsoft.Extensions.Time.Testing;
using Pipeline.Protocol.Jobs;
using Pipeline.Stages.Hosting;
using Pipeline.Stages.Tests.Harness;

namespace Pipeline.Stages.Tests.Hosting;

public sealed class HeartbeatTimerTest
{
    private readonly FakeTimeProvider _clock = new();
    private TestFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TestFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public void Heartbeat_FromTheStart_IsThere()
    {
        using var heartbeat = new HeartbeatTimer(_folder.Of("heartbeat"), _clock);
        Assert.That(File.ReadAllText(_folder.Of("heartbeat")), Is.EqualTo("""{"step":0,"total":0,"phase":"loading"}"""));
    }

    [Test]
    public void Heartbeat_WithoutAnyStep_IsStillRenewedEverySecond()
    {
        using var heartbeat = new HeartbeatTimer(_folder.Of("heartbeat"), _clock);
        File.Delete(_folder.Of("heartbeat"));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.That(File.Exists(_folder.Of("heartbeat")));
    }

    [Test]
    public void TakeSeconds_OfPhasesInTurn_AddsUpEach_AndBeginsAnew()
    {
        using var heartbeat = new HeartbeatTimer(_folder.Of("heartbeat"), _clock);
        foreach (var (phase, seconds) in new[] { ("sampling", 3), ("training", 2), ("sampling", 4) })
        {
            heartbeat.Enter(phase);
            _clock.Advance(TimeSpan.FromSeconds(seconds));
        }
        Assert.That(heartbeat.TakeSeconds(), Is.EquivalentTo(new Dictionary<string, double> { ["loading"] = 0, ["sampling"] = 7, ["training"] = 2 }));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.That(heartbeat.TakeSeconds(), Is.EquivalentTo(new Dictionary<string, double> { ["sampling"] = 1 }));
    }

    [Test]
    public void Now_AfterSomeSteps_EstimatesTheRestFromThisAttemptsRate()
    {
        using var heartbeat = new HeartbeatTimer(_folder.Of("heartbeat"), _clock);
        heartbeat.Begin(total: 100, done: 40);
        _clock.Advance(TimeSpan.FromSeconds(20));
        heartbeat.Done(50);
        _clock.Advance(TimeSpan.FromSeconds(7)); // the step at hand is not done yet
        // 10 steps in 20 s; 50 steps are left.
        Assert.That(heartbeat.Now(), Is.EqualTo(new Heartbeat(50, 100, "loading", 100)));
    }
}
