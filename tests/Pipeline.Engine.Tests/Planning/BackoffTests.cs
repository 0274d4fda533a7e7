using Pipeline.Engine.Planning;
using Pipeline.Protocol.Jobs;
using Pipeline.Spec.Resolved;
using static Pipeline.Engine.Tests.Pipelines;

namespace Pipeline.Engine.Tests.Planning;

public class BackoffTests
{
    private static readonly RetryPolicy Policy = new(Limit: 9, InitialSeconds: 10, Factor: 3, MaxSeconds: 60);

    // 10, 30, then 90 held at 60; each times [0.8, 1.2).
    [TestCase(1, 8, 12)]
    [TestCase(2, 24, 36)]
    [TestCase(3, 48, 72)]
    [TestCase(4, 48, 72)]
    public void Delay_BeforeTheNthCountedRetry_GrowsToItsMaximum(int retry, double from, double to)
    {
        var journal = Of(Stage("a") with { Retry = Policy });
        for (var attempt = 1; attempt <= retry; attempt++) journal.Fail("a", FailureClass.NodeFailure, true, true, attempt);
        Assert.That(Backoff.Delay(Run, journal.State.Stage("a")).TotalSeconds, Is.InRange(from, to));
    }

    [Test]
    public void Delay_WithoutJitter_IsExact()
    {
        var stage = Of(Stage("a") with { Retry = Policy with { Jitter = 0 } }).Fail("a", FailureClass.NodeFailure, true, true).State.Stage("a");
        Assert.That(Backoff.Delay(Run, stage).TotalSeconds, Is.EqualTo(10));
    }

    [Test]
    public void Delay_AfterAnInterruption_IsNone()
    {
        var stage = Of(Stage("a") with { Retry = Policy }).Fail("a", FailureClass.Interrupted, true).State.Stage("a");
        Assert.That(Backoff.Delay(Run, stage), Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public void Delay_OfTheSameRetry_IsTheSame_AndOfOtherRunsDiffers()
    {
        var stage = Of(Stage("a") with { Retry = Policy }).Fail("a", FailureClass.NodeFailure, true, true).State.Stage("a");
        // 100 runs planned twice: 200 delays, 100 different ones.
        var delays = Enumerable.Range(0, 200).Select(i => Backoff.Delay($"run-{i % 100}", stage)).Distinct();
        Assert.That(delays.Count(), Is.EqualTo(100));
    }
}
