using Pipeline.Server.Metrics;

namespace Pipeline.Server.Tests.Metrics;

public class SmoothingTests
{
    [Test]
    public void Of_AConstant_IsThatConstantFromTheFirstPointOn() =>
        Assert.That(Smoothing.Of([3, 3, 3], past: 0.9), Is.EqualTo(new[] { 3.0, 3, 3 }).Within(1e-12));

    [Test]
    public void Of_AJump_WeighsThePastByItsShare() =>
        // 0, then 1: sum = 0.5 * 0 + 0.5 * 1 = 0.5, weight = 0.5 * 0.5 + 0.5 = 0.75, so 2/3.
        Assert.That(Smoothing.Of([0, 1], past: 0.5)[1], Is.EqualTo(2.0 / 3).Within(1e-12));
}
