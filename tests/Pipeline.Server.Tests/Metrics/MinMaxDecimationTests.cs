using Pipeline.Server.Metrics;

namespace Pipeline.Server.Tests.Metrics;

public class MinMaxDecimationTests
{
    [Test]
    public void Of_FewPoints_KeepsAll() =>
        Assert.That(MinMaxDecimation.Of([1, 2, 3], [5, 5, 5], points: 4), Is.EqualTo(new[] { 0, 1, 2 }));

    [Test]
    public void Of_TwoBuckets_KeepsLowestAndHighestOfEach_InOrder()
    {
        // Steps 0..7 in 2 buckets of width 3.5: 0-3 and 4-7. Lowest and highest: indices 3 and 1, then 4 and 6; 0 and 7 are the ends.
        var kept = MinMaxDecimation.Of([0, 1, 2, 3, 4, 5, 6, 7], [4, 9, 5, 1, 0, 3, 8, 2], points: 4);
        Assert.That(kept, Is.EqualTo(new[] { 0, 1, 3, 4, 6, 7 }));
    }

    [Test]
    public void Of_AHundredThousandSteps_KeepsASpikeOfOneStep()
    {
        var steps = Enumerable.Range(1, 100_000).Select(step => (long)step).ToArray();
        var values = new double[steps.Length];
        values[73_210] = 1;
        var kept = MinMaxDecimation.Of(steps, values, points: 600);
        Assert.That(kept, Has.Count.LessThanOrEqualTo(602).And.Contain(73_210));
    }

    [Test]
    public void Of_StepsWithGaps_BucketsByStep_NotByIndex()
    {
        // 0..9 all fall in the first of 2 buckets (width 500), 1000 in the second: the cluster keeps 2 points, not half of all.
        long[] steps = [.. Enumerable.Range(0, 10).Select(step => (long)step), 1000];
        double[] values = [0, 1, 2, 3, 4, 9, 4, 3, 2, -1, 0];
        Assert.That(MinMaxDecimation.Of(steps, values, points: 4), Is.EqualTo(new[] { 0, 5, 9, 10 }));
    }

    [Test]
    public void Of_OneStepManyTimes_DividesByNothing() =>
        Assert.That(MinMaxDecimation.Of([3, 3, 3], [1, 2, 0], points: 2), Is.EqualTo(new[] { 0, 1, 2 }));
}
