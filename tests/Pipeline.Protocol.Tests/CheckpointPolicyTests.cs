using Pipeline.Protocol.Jobs;

namespace Pipeline.Protocol.Tests;

public class CheckpointPolicyTests
{
    private static readonly long[] Steps = [10, 20, 30, 40, 50];

    // Logged at 8, 25 and 41: the checkpoints at 10 and 20 have 0.5, those at 30 and 40 have 0.9, that at 50 has 0.7.
    private static readonly Dictionary<long, double> Accuracy = new() { [8] = 0.5, [25] = 0.9, [41] = 0.7 };

    private static IEnumerable<TestCaseData> Cases()
    {
        yield return Case("Default_KeepsTheTwoNewest", new(), 40, 50);
        yield return Case("KeepLast_OfZero_StillKeepsTheNewest", new(KeepLast: 0), 50);
        yield return Case("KeepEvery_KeepsMultiples", new(KeepLast: 1, KeepEvery: 20), 20, 40, 50);
        yield return Case("KeepBest_KeepsTheNewestOfTheBest", new(KeepLast: 1, KeepBest: new("accuracy")), 40, 50);
        yield return Case("KeepBest_OfTwo_KeepsBoth", new(KeepLast: 1, KeepBest: new("accuracy", N: 2)), 30, 40, 50);
        yield return Case("KeepBest_Smallest_KeepsThat", new(KeepLast: 1, KeepBest: new("accuracy", BestMode.Min)), 20, 50);
        yield return Case("MoreThanThereAre_KeepsAll", new(KeepLast: 9), 10, 20, 30, 40, 50);

        static TestCaseData Case(string name, CheckpointPolicy policy, params long[] kept) => new TestCaseData(policy, kept).SetName(name);
    }

    [TestCaseSource(nameof(Cases))]
    public void Kept_OfFiveCheckpoints_AreThese(CheckpointPolicy policy, long[] kept) =>
        Assert.That(policy.Kept(Steps, Accuracy), Is.EquivalentTo(kept));

    [Test]
    public void KeepBest_OfAMetricThatWasNeverLogged_KeepsNoneMore() =>
        Assert.That(new CheckpointPolicy(KeepLast: 1, KeepBest: new("accuracy")).Kept(Steps, new Dictionary<long, double>()), Is.EquivalentTo(new[] { 50 }));
}
