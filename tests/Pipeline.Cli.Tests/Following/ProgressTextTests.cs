using Pipeline.Cli.Following;
using Pipeline.Protocol.Jobs;

namespace Pipeline.Cli.Tests.Following;

public sealed class ProgressTextTests
{
    [TestCase(120, 400, 68.0, 4.06, "training 120/400 (30 %), 4.1 steps/s, 1 min 08 s left")]
    [TestCase(1, 10, null, 0.25, "training 1/10 (10 %), 4.0 s/step")] // 1 / 0.25
    [TestCase(7, 0, null, null, "training 7", Description = "the total is not known yet")]
    [TestCase(0, 0, null, null, "training")]
    [TestCase(5, 5, double.NaN, null, "training 5/5 (100 %)")]
    public void Of_Heartbeat_SaysWhatIsKnown(long step, long total, double? eta, double? rate, string expected) =>
        Assert.That(ProgressText.Of(new Heartbeat(step, total, "training", eta), rate), Is.EqualTo(expected));

    [Test]
    public void Of_PhaseWithEscapes_IsSafe() =>
        Assert.That(ProgressText.Of(new Heartbeat(0, 0, "\u001b[2J"), null), Is.EqualTo("^[[2J"));
}
