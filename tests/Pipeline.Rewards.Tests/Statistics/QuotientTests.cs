using static Pipeline.Rewards.Statistics.Quotient;

namespace Pipeline.Rewards.Tests.Statistics;

public sealed class QuotientTests
{
    [Test]
    public void Of_Prompts_IsTheQuotientOfTheSums()
    {
        // (1 + 3 + 0) / (2 + 4 + 2); the prompt without anything below does not count.
        var interval = Of([new(1, 2), new(3, 4), new(0, 2), new(0, 0)]);
        Assert.That((interval.Value, interval.Count), Is.EqualTo((0.5, 3)));
        Assert.That(interval.Low, Is.InRange(0, 0.5));
        Assert.That(interval.High, Is.InRange(0.5, 0.75));
    }

    [Test]
    public void Of_SharesOfManyPrompts_HasTheIntervalOfTheNormalApproximation()
    {
        // 400 prompts of one completion, every fourth of the kind: 0.25 +- 1.96 sqrt(0.25 0.75 / 400) = 0.25 +- 0.0424.
        var interval = Of([.. Enumerable.Range(0, 400).Select(prompt => new Term(prompt % 4 == 0 ? 1 : 0, 1))]);
        Assert.That(interval.Low, Is.EqualTo(0.2076).Within(0.006));
        Assert.That(interval.High, Is.EqualTo(0.2924).Within(0.006));
    }

    [TestCase(0)]
    [TestCase(1)]
    public void Of_AllOrNone_IsNotCertain(double above)
    {
        var interval = Of([.. Enumerable.Repeat(new Term(above, 1), 20)]);
        Assert.That(interval.High - interval.Low, Is.GreaterThan(0.1), "twenty prompts say little about the next");
    }

    [Test]
    public void Of_Nothing_IsNoNumber() => Assert.That(Of([new(0, 0)]).Value, Is.NaN);

    [Test]
    public void Difference_OfPairs_DrawsBothTogether()
    {
        // Prompts differ from each other by 1, the two models by 0.1 on each: apart the interval would be as wide as the prompts differ.
        var pairs = Enumerable.Range(0, 100).Select(prompt => (new Term(prompt % 2 + 0.1, 1), new Term(prompt % 2, 1))).ToArray();
        var interval = Difference(pairs);
        Assert.That((interval.Value, interval.Low, interval.High), Is.EqualTo((0.1, 0.1, 0.1)).Using<(double, double, double)>(
            (one, other) => Math.Abs(one.Item1 - other.Item1) < 1e-9 && Math.Abs(one.Item2 - other.Item2) < 1e-9 && Math.Abs(one.Item3 - other.Item3) < 1e-9));
    }
}
