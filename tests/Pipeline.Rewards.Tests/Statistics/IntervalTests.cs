using Pipeline.Rewards.Statistics;

namespace Pipeline.Rewards.Tests.Statistics;

public class IntervalTests
{
    // Limits of the score interval as R's prop.test(x, n, correct = FALSE) prints them.
    [TestCase(0, 10, 0, 0.277533)]
    [TestCase(10, 10, 0.722467, 1)]
    [TestCase(115, 117, 0.939810, 0.995300, Description = "a normal approximation would end at 100.6 %")]
    [TestCase(183, 200, 0.868104, 0.946254)]
    public void Wilson_Shares_StayBetween0And1(int right, int count, double low, double high)
    {
        var interval = Wilson.Of(right, count);
        Assert.That(interval.Value, Is.EqualTo(right / (double)count));
        Assert.That((interval.Low, interval.High), Is.EqualTo((low, high)).Using<(double, double)>(Near));
    }

    [Test]
    public void Bootstrap_FourPrompts_HasTheQuantilesOfAllResamples()
    {
        // A draw of 0, 1/2, 1/2, 1 is Bin(2, 1/2) / 2, so the mean of four is Bin(8, 1/2) / 8. Of 256 equally likely outcomes
        // 1 is 0, 8 are 1/8: 2.5 % of 256 = 6.4 lies within the 1/8. The standard deviation is sqrt(8 / 4) / 8 = 0.1768.
        var interval = Bootstrap.OverPrompts([1, 0, 0.5, 0.5]);
        Assert.That((interval.Value, interval.Low, interval.High, interval.Count), Is.EqualTo((0.5, 0.125, 0.875, 4)));
        Assert.That(interval.StandardError, Is.EqualTo(0.1768).Within(3e-3));
    }

    [Test]
    public void Bootstrap_ManyPrompts_AgreesWithTheNormalApproximation()
    {
        // 256 prompts, a quarter of them at each of 0, 1/4, 1/2, 1: mean 0.4375, variance 0.13672. The standard error is
        // sqrt(0.13672 / 256) = 0.02311, and 1.96 of it to either side 0.3922 to 0.4828.
        double[] shares = [0, 0.25, 0.5, 1];
        var interval = Bootstrap.OverPrompts([.. Enumerable.Range(0, 256).Select(prompt => shares[prompt % 4])]);
        Assert.That(interval.Low, Is.EqualTo(0.3922).Within(2e-3));
        Assert.That(interval.High, Is.EqualTo(0.4828).Within(2e-3));
        Assert.That(interval.StandardError, Is.EqualTo(0.02311).Within(5e-4));
    }

    [Test]
    public void Bootstrap_TheSameSeed_GivesTheSameInterval()
    {
        double[] means = [0.1, 0.9, 0.3, 0.35, 0.77, 0.02];
        var (first, second) = (Bootstrap.OverPrompts(means, seed: 7), Bootstrap.OverPrompts(means, seed: 7));
        Assert.That(second, Is.EqualTo(first));
    }

    [Test]
    public void Bootstrap_PromptsThatAllAgree_StillHaveAWidth()
    {
        // Ten prompts, all right: no resample differs from another, but ten prompts are not proof of 100 %.
        Assert.That(Bootstrap.OverPrompts([.. Enumerable.Repeat(1.0, 10)]), Is.EqualTo(Wilson.Of(10, 10)));
        Assert.That(Bootstrap.OverPrompts([0, 0, 0]), Is.EqualTo(Wilson.Of(0, 3)));
    }

    [Test]
    public void Bootstrap_OnePrompt_CouldBeAnything()
    {
        Assert.That(Bootstrap.OverPrompts([0.25]), Is.EqualTo(new Interval(0.25, 0, 1, null, 1)));
        Assert.Throws<ArgumentException>(() => Bootstrap.OverPrompts([]));
    }

    [Test]
    public void Comparison_FivePromptsAllBetter_IsOneOfThirtyTwoEitherWay()
    {
        // Of the 2^5 assignments of signs only the observed one and its mirror image are as large: 2 / 32.
        var comparison = PairedComparison.Of([1, 0.75, 0.5, 0.25, 1], [0.5, 0.5, 0.25, 0, 0]);
        Assert.That(comparison.Difference, Is.EqualTo((0.5 + 0.25 + 0.25 + 0.25 + 1) / 5).Within(1e-12));
        Assert.That(comparison.PValue, Is.EqualTo(2 / 32.0));
        Assert.That(comparison.Low, Is.GreaterThan(0));
    }

    [Test]
    public void Comparison_OneAgainstTwo_CountsEveryAssignment()
    {
        // Differences 1, 1, -1: |sum| is 1 for six of the eight assignments and 3 for two; all are at least 1.
        Assert.That(PairedComparison.Of([1, 1, 0], [0, 0, 1]).PValue, Is.EqualTo(1));
    }

    [Test]
    public void Comparison_TheSameModel_IsNotDifferent() =>
        Assert.That(PairedComparison.Of([0.5, 0.25], [0.5, 0.25]), Is.EqualTo(new PairedComparison(0, 0, 0, 1, 2)));

    [Test]
    public void Comparison_FortyPromptsDrawn_IsNearTheBinomialTail()
    {
        // 30 of 40 prompts better by 1, 10 worse: the sign test's P(|Bin(40, 1/2) - 20| >= 10) = 0.00222.
        var (first, second) = (Enumerable.Range(0, 40).Select(prompt => prompt < 30 ? 1.0 : 0).ToList(), Enumerable.Range(0, 40).Select(prompt => prompt < 30 ? 0.0 : 1).ToList());
        Assert.That(PairedComparison.Of(first, second).PValue, Is.EqualTo(0.00222).Within(0.0015).And.GreaterThan(0));
    }

    [Test]
    public void Comparison_OfOtherPrompts_IsAnError() => Assert.Throws<ArgumentException>(() => PairedComparison.Of([1], [1, 0]));

    private static bool Near((double Low, double High) a, (double Low, double High) b) => Math.Abs(a.Low - b.Low) < 1e-6 && Math.Abs(a.High - b.High) < 1e-6;
}
