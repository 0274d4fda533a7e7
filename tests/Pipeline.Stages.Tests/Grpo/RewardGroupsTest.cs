using Pipeline.Protocol.Options;
using Pipeline.Rewards;
using Pipeline.Stages.Grpo;

namespace Pipeline.Stages.Tests.Grpo;

public sealed class RewardGroupsTest
{
    [Test]
    public void Of_TwoGroups_ComparesEachCompletionWithItsSiblingsOnly()
    {
        var groups = RewardGroups.Of(Judged(1, 0, 1, 0, 5, 5, 5, 5), groupSize: 4, AdvantageScale.Group);
        Assert.Multiple(() =>
        {
            // First group: mean 0.5, standard deviation 0.5, so (1 - 0.5) / (0.5 + 1e-4) = 0.9998. The second agrees.
            Assert.That(groups.Advantages, Is.EqualTo(new[] { 0.9998f, -0.9998f, 0.9998f, -0.9998f, 0, 0, 0, 0 }).Within(1e-5f));
            Assert.That(groups.GroupStds, Is.EqualTo(new[] { 0.5, 0 }).Within(1e-12));
            Assert.That(groups.Metrics().ToDictionary(), Is.EquivalentTo(new Dictionary<string, double>
            {
                ["reward"] = 2.75, ["reward_std"] = 0.25, ["frac_reward_zero_std"] = 0.5,
            }));
        });
    }

    [Test]
    public void Of_WithoutScale_AdvantagesAreInUnitsOfReward() =>
        Assert.That(RewardGroups.Of(Judged(3, 1), groupSize: 2, AdvantageScale.None).Advantages, Is.EqualTo(new[] { 1f, -1f }));

    private static List<RewardBreakdown> Judged(params double[] totals) =>
        [.. totals.Select(total => new RewardBreakdown(total, new Dictionary<string, RewardScore>()))];
}
