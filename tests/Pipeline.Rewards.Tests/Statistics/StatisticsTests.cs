using Pipeline.Rewards.Statistics;

namespace Pipeline.Rewards.Tests.Statistics;

public class StatisticsTests
{
    [TestCase(4, 1, 1, 0.25, Description = "c / n")]
    [TestCase(4, 1, 2, 0.5, Description = "1 - C(3,2)/C(4,2) = 1 - 3/6")]
    [TestCase(5, 2, 3, 0.9, Description = "1 - C(3,3)/C(5,3) = 1 - 1/10")]
    [TestCase(4, 2, 3, 1, Description = "only two wrong ones: three must hold a right one")]
    [TestCase(10, 0, 10, 0)]
    [TestCase(10, 10, 1, 1)]
    public void PassAtK_Samples_IsTheShareOfSubsetsWithARightOne(int graded, int correct, int k, double expected) =>
        Assert.That(PassAtK.Of(graded, correct, k), Is.EqualTo(expected).Within(1e-12));

    [Test]
    public void PassAtK_ManySamples_DoesNotOverflow() =>
        // C(4096, 64) has 150 digits. One right of 4096: the chance to draw it among 64 is 64/4096.
        Assert.That(PassAtK.Of(4096, 1, 64), Is.EqualTo(64 / 4096.0).Within(1e-12));

    [Test]
    public void PassAtK_FewerGradedThanK_IsAnError() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => PassAtK.Of(graded: 3, correct: 1, k: 4));

    [Test]
    public void Consensus_EqualNumbers_VoteTogether() =>
        // 0.5 and 1/2 are two votes for one answer, against one each for 2 and 3.
        Assert.That(ConsensusAtK.Of(["2", "0.5", "3", @"\frac12"], "1/2"), Is.EqualTo(1));

    [Test]
    public void Consensus_Tie_IsShared()
    {
        Assert.That(ConsensusAtK.Of(["1", "2", "2", "1", "3"], "2"), Is.EqualTo(0.5));
        Assert.That(ConsensusAtK.Of(["1", "2", "2", "1", "3"], "3"), Is.Zero);
    }

    [Test]
    public void Consensus_NoAnswer_DoesNotVote()
    {
        Assert.That(ConsensusAtK.Of([null, null, " ", "7"], "7"), Is.EqualTo(1));
        Assert.That(ConsensusAtK.Of([null, null], "7"), Is.Zero);
        Assert.That(ConsensusAtK.Of(["7"], ""), Is.Null, "nothing to compare with");
    }

    [Test]
    public void Consensus_Formulas_AreGroupedAsMathematics()
    {
        Assert.That(ConsensusAtK.Of(["x-1", "(x+1)^2", "x-1", "1+2x+x^2", "x=y", "x^2+2x+1"], "(1+x)^2"), Is.EqualTo(1));
        Assert.That(ConsensusAtK.Of(["3+4", "3+4", "7"], "7"), Is.Zero, "what is not worked out votes for itself");
    }
}
