using System.Text.Json.Nodes;
using Pipeline.Protocol;
using Pipeline.Protocol.Jobs;
using Pipeline.Stages.Grpo;
using Pipeline.Stages.Hosting;
using Pipeline.Stages.Tests.Harness;

namespace Pipeline.Stages.Tests.Grpo;

public sealed class HealthWatchTest
{
    private readonly JsonObject _memory = [];
    private TestFolder _folder = null!;
    private StageEvents _events = null!;
    private int _step;

    [SetUp]
    public void SetUp()
    {
        _folder = new TestFolder();
        _events = new StageEvents(_folder.Of("events.jsonl"), TimeProvider.System);
        _memory.Clear();
        _step = 0;
    }

    [TearDown]
    public void TearDown()
    {
        _events.Dispose();
        _folder.Dispose();
    }

    [Test]
    public void Look_HealthyTraining_RaisesNoAlarm()
    {
        Look(20);
        Assert.That(Alarms(), Is.Empty);
    }

    [TestCase("entropy", 0.02, "ENTROPY_COLLAPSE")] // it began at 0.5: 0.025 is a twentieth
    [TestCase("frac_reward_zero_std", 1.0, "NO_SPREAD")]
    [TestCase("completions/clipped_ratio", 0.6, "LENGTH_EXPLOSION")]
    [TestCase("sampling/sampling_logp_difference/mean", 0.1, "SAMPLER_DIVERGENCE")]
    public void Look_FiveBadStepsInARow_RaiseOneAlarm(string metric, double value, string code)
    {
        Look(3);
        Look(4, (metric, value));
        Assert.That(Alarms(), Is.Empty, "four may be chance");
        Look(6, (metric, value));
        Assert.That(Alarms(), Is.EqualTo(new[] { (8L, code) }), "the fifth is step 8; the alarm is not repeated");
        Look(1);
        Look(5, (metric, value));
        Assert.That(Alarms(), Has.Count.EqualTo(2), "it was over and began again");
    }

    [Test]
    public void Look_RewardRisesWhileHeldOutAccuracyFalls_RaisesAlarm()
    {
        Look(1, ("reward", 1.0), ("eval/pass@1", 0.6), ("eval/pass@1_low", 0.5), ("eval/pass@1_high", 0.7));
        Look(1, ("reward", 1.2), ("eval/pass@1", 0.5), ("eval/pass@1_low", 0.4), ("eval/pass@1_high", 0.6));
        Assert.That(Alarms(), Is.Empty, "the intervals overlap");
        Look(1, ("reward", 1.4), ("eval/pass@1", 0.3), ("eval/pass@1_low", 0.2), ("eval/pass@1_high", 0.4));
        Assert.That(Alarms().Select(alarm => alarm.Code), Is.EqualTo(new[] { "REWARD_HACKING" }));
    }

    [Test]
    public void Look_RewardThatDoesNotRise_RaisesAnAlarmAfterAHundredSteps()
    {
        Look(100); // at 1 since step 1
        Assert.That(Alarms(), Is.Empty);
        Look(1);
        Assert.That(Alarms(), Is.EqualTo(new[] { (101L, "REWARD_FLAT") }));
        // Smoothed by a tenth a step, 1.2 brings 1.02 at once: it rises again.
        Look(1, ("reward", 1.2));
        Look(99);
        Assert.That(Alarms(), Has.Count.EqualTo(1));
    }

    private void Look(int steps, params (string Metric, double Value)[] changes)
    {
        for (var i = 0; i < steps; i++)
        {
            var metrics = new Dictionary<string, double>
            {
                ["entropy"] = 0.5, ["frac_reward_zero_std"] = 0.3, ["completions/clipped_ratio"] = 0.1,
                ["sampling/sampling_logp_difference/mean"] = 1e-6, ["reward"] = 1,
            };
            foreach (var (metric, value) in changes) metrics[metric] = value;
            // A new watch each time: all it knows is in the memory, as after a resume.
            var before = Alarms().Count;
            var raised = new HealthWatch(_events).Look(++_step, metrics, _memory);
            Assert.That(raised, Is.EqualTo(Alarms().Skip(before).Select(alarm => alarm.Code)), "stop_when is told what people are told");
        }
    }

    private List<(long Step, string Code)> Alarms() =>
        [.. File.ReadAllLines(_folder.Of("events.jsonl")).Select(line => System.Text.Json.JsonSerializer.Deserialize<StageEvent>(line, ProtocolJson.Line)!)
            .Select(alarm => (alarm.Step, alarm.Code))];
}
