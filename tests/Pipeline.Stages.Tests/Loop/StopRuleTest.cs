using System.Text.Json.Nodes;
using Pipeline.Protocol.Jobs;
using Pipeline.Stages.Loop;

namespace Pipeline.Stages.Tests.Loop;

public sealed class StopRuleTest
{
    private readonly JsonObject _memory = [];

    [SetUp]
    public void SetUp() => _memory.Clear();

    [Test]
    public void Look_HeldForAsManySteps_IsMetAtTheLast()
    {
        StopCondition[] conditions = [Entropy(forSteps: 3)];
        Assert.That(Look(conditions, 1, 0.01), Is.Null);
        Assert.That(Look(conditions, 2, 0.01), Is.Null);
        Assert.That(Look(conditions, 3, 0.2), Is.Null, "a break: it begins anew");
        Assert.That(Look(conditions, 4, 0.01), Is.Null);
        Assert.That(Look(conditions, 5, 0.01), Is.Null);
        Assert.That(Look(conditions, 6, 0.01), Is.SameAs(conditions[0]), "4, 5 and 6 are three");
    }

    [Test]
    public void Look_MetricToldNowAndThen_CountsFromTheFirstTimeItHeldAndOnlyWhenTold()
    {
        StopCondition[] conditions = [new() { Metric = "eval/pass@1", Op = Comparison.GreaterOrEqual, Value = 0.9, ForSteps = 21 }];
        Assert.That(Look(conditions, 20, 0.95, "eval/pass@1"), Is.Null);
        Assert.That(Look(conditions, 41, 1, "loss"), Is.Null, "22 steps since, but not told here");
        Assert.That(Look(conditions, 40, 0.9, "eval/pass@1"), Is.SameAs(conditions[0]), "20 to 40 are 21 steps");
    }

    [TestCase(Comparison.Less, 0.9, true)]
    [TestCase(Comparison.Less, 1.0, false)]
    [TestCase(Comparison.LessOrEqual, 1.0, true)]
    [TestCase(Comparison.Greater, 1.1, true)]
    [TestCase(Comparison.Greater, 1.0, false)]
    [TestCase(Comparison.GreaterOrEqual, 1.0, true)]
    [TestCase(Comparison.GreaterOrEqual, double.NaN, false)]
    [TestCase(Comparison.LessOrEqual, double.NaN, false)]
    public void Holds_AValueAgainstOne(Comparison op, double value, bool holds) =>
        Assert.That(new StopCondition { Metric = "m", Op = op, Value = 1 }.Holds(value), Is.EqualTo(holds));

    [Test]
    public void Look_Alarm_IsMetWhenItIsRaised()
    {
        StopCondition[] conditions = [Entropy(forSteps: 9), new() { Alarm = "NO_SPREAD" }];
        Assert.That(Look(conditions, 1, 1), Is.Null);
        Assert.That(new StopRule(conditions).Look(2, new Dictionary<string, double>(), ["LENGTH_EXPLOSION"], _memory), Is.Null);
        Assert.That(new StopRule(conditions).Look(3, new Dictionary<string, double>(), ["LENGTH_EXPLOSION", "NO_SPREAD"], _memory), Is.SameAs(conditions[1]));
    }

    [Test]
    public void NeverTold_AMetricSpeltWrong_IsNamed()
    {
        StopCondition[] conditions = [Entropy(1), new() { Metric = "entrpy", Op = Comparison.Less, Value = 1 }, new() { Alarm = "NO_SPREAD" }];
        Look(conditions, 1, 1);
        Assert.That(new StopRule(conditions).NeverTold(_memory), Is.EqualTo(new[] { "entrpy" }));
    }

    [Test]
    public void ToString_ReadsLikeTheFile()
    {
        Assert.That($"{Entropy(50)}", Is.EqualTo("entropy < 0.05 for 50 steps"));
        Assert.That($"{new StopCondition { Alarm = "NO_SPREAD" }}", Is.EqualTo("alarm NO_SPREAD"));
    }

    private static StopCondition Entropy(int forSteps) => new() { Metric = "entropy", Op = Comparison.Less, Value = 0.05, ForSteps = forSteps };

    // A new rule each time: all it knows is in the memory, as after a resume.
    private StopCondition? Look(StopCondition[] conditions, int step, double value, string metric = "entropy") =>
        new StopRule(conditions).Look(step, new Dictionary<string, double> { [metric] = value }, [], _memory);
}
