using Pipeline.Protocol.Options;
using Pipeline.Rewards;
using Pipeline.Stages.Grpo;
using Pipeline.Training.Losses;

namespace Pipeline.Stages.Tests.Grpo;

public sealed class RewardGroupsTest
{
    [Test]
    public void Of_TwoGroups_ComparesEachCompletionWithItsSiblingsOnly()
    {
        var groups = RewardGroups.Of([1, 0, 1, 0, 5, 5, 5, 5], groupSize: 4, rewards => Advantages.WithinGroup(rewards));
        Assert.Multiple(() =>
        {
            // First group: mean 0.5, standard deviation 0.5, so (1 - 0.5) / (0.5 + 1e-4) = 0.9998. The second agrees.
            Assert.That(groups.Advantages, Is.EqualTo(new[] { 0.9998f, -0.9998f, 0.9998f, -0.9998f, 0, 0, 0, 0 }).Within(1e-5f));
            Assert.That(groups.GroupStds, Is.EqualTo(new[] { 0.5, 0 }).Within(1e-12));
            Assert.That(groups.Metrics().ToDictionary(), Is.EquivalentTo(new Dictionary<string, double>
            {
                ["reward"] = 2.75, ["reward_std"] = 0.25, ["frac_reward_zero_std"] = 0.5, ["completions/unjudged_ratio"] = 0,
            }));
        });
    }

    [Test]
    public void Of_LeaveOneOut_ComparesWithTheMeanOfTheOthers() =>
        // 3 against (1 + 2) / 2, 1 against (3 + 2) / 2, 2 against (3 + 1) / 2.
        Assert.That(RewardGroups.Of([3, 1, 2], groupSize: 3, Advantages.LeaveOneOut).Advantages, Is.EqualTo(new[] { 1.5f, -1.5f, 0 }).Within(1e-6f));

    [Test]
    public void Of_ACompletionThatCouldNotBeJudged_ItIsNeitherBetterNorWorseAndInNoMean()
    {
        var groups = RewardGroups.Of([4, double.NaN, 2, double.NaN], groupSize: 2, Advantages.Centered);
        Assert.Multiple(() =>
        {
            Assert.That(groups.Advantages, Is.All.Zero, "each is alone in its group");
            Assert.That(groups.Metrics().ToDictionary()["reward"], Is.EqualTo(3));
            Assert.That(groups.Metrics().ToDictionary()["completions/unjudged_ratio"], Is.EqualTo(0.5));
        });
        // With 1 and 0 judged, the third counts as their mean: nothing.
        Assert.That(RewardGroups.Of([1, 0, double.NaN], groupSize: 3, Advantages.Centered).Advantages, Is.EqualTo(new[] { 0.5f, -0.5f, 0 }));
    }

    [Test]
    public void Of_StandardisedTerms_LearnsWhereEqualTotalsWereEarnedInDifferentWays()
    {
        // Totals 1, 1, 1, 1 teach nothing. By terms 1, 0, 0, 0 and 0, 1, 1, 1 with weights 2 and 1: 2 sqrt(3) - sqrt(3) and
        // (1 - 2) / sqrt(3), which have mean 0.
        RewardBreakdown One(double right, double form) => new(1, new Dictionary<string, RewardScore>()) { Parts = [new(2, right), new(1, form)] };
        RewardBreakdown[] judged = [One(1, 0), One(0, 1), One(0, 1), One(0, 1)];
        var options = new GrpoOptions { GroupSize = 4, RewardScale = RewardScale.Group };

        var groups = RewardGroups.Of(judged, divergences: null, options, Advantages.Centered);
        Assert.That(groups.Advantages, Is.EqualTo(new[] { 1.732f, -0.577f, -0.577f, -0.577f }).Within(2e-3f));
        Assert.That((groups.NoSpreadShare, groups.GroupStds[0]), Is.EqualTo((0.0, 0.0)), "the totals are reported as they are");
        Assert.That(RewardGroups.Of(judged, null, options with { RewardScale = RewardScale.None }, Advantages.Centered).NoSpreadShare, Is.EqualTo(1));
        Assert.That((RewardGroups.Agrees(judged, RewardScale.None), RewardGroups.Agrees(judged, RewardScale.Batch)), Is.EqualTo((true, false)));
    }

    [Test]
    public void Of_DivergencePaidInTheReward_IsTakenOffAfterTheTermsAreStandardised()
    {
        RewardBreakdown One(double right) => new(right, new Dictionary<string, RewardScore>()) { Parts = [new(1, right)] };
        var options = new GrpoOptions { GroupSize = 2, RewardScale = RewardScale.Group, KlCoefficient = 0.5 };
        // 10 and 30 are -1 and 1; less 0.5 * 2 and 0.5 * 0 that is -2 and 1, or -1.5 and 1.5 around their mean.
        var groups = RewardGroups.Of([One(10), One(30)], [2, 0], options, Advantages.Centered);
        Assert.That(groups.Advantages, Is.EqualTo(new[] { -1.5f, 1.5f }).Within(1e-3f));
        Assert.That(groups.Rewards, Is.EqualTo(new[] { 9.0, 30 }));
    }

    [TestCase(new[] { 1.0, 1.0, 1.0 }, true)]
    [TestCase(new[] { 1.0, 0.9999999999 }, true)] // sums of equal rewards may differ in their last bits
    [TestCase(new[] { 1.0, 0.0 }, false)]
    [TestCase(new[] { 1.0, double.NaN }, true)]
    public void Agrees_AGroup_TeachesNothing(double[] group, bool agrees) => Assert.That(RewardGroups.Agrees(group), Is.EqualTo(agrees));
}
