using Pipeline.Engine.Planning;
using Pipeline.Engine.Runs;
using Pipeline.Protocol.Jobs;
using Pipeline.Spec.Resolved;
using static Pipeline.Engine.Tests.Pipelines;

namespace Pipeline.Engine.Tests.Planning;

public class RetryRuleTests
{
    [TestCase(FailureClass.Config, false, false)]
    [TestCase(FailureClass.Interrupted, true, false)]
    [TestCase(FailureClass.NodeFailure, true, true)]
    [TestCase(FailureClass.Stalled, true, true)]
    [TestCase(FailureClass.OutOfMemory, false, false)]
    [TestCase(FailureClass.Timeout, false, false)]
    [TestCase(FailureClass.Failed, false, false)]
    [TestCase(FailureClass.Cancelled, false, false)]
    public void FirstFailure_WithoutCheckpointAndWithoutRetryOn_FollowsTheTable(FailureClass failure, bool retry, bool counted)
    {
        var decision = RetryRule.Of(Of(Stage("a")).Intend("a").State.Stage("a"), failure, step: 0);
        Assert.That((decision.Retry, decision.Counted), Is.EqualTo((retry, counted)));
    }

    [TestCase(FailureClass.Failed, true)]
    [TestCase(FailureClass.Timeout, true)]
    [TestCase(FailureClass.Config, false)]
    [TestCase(FailureClass.OutOfMemory, false)]
    [TestCase(FailureClass.Cancelled, false)]
    public void FailureNamedUnderRetryOn_IsRetried_UnlessItCannotHelp(FailureClass failure, bool retry)
    {
        var stage = Stage("a") with { Retry = new RetryPolicy(On: [failure]) };
        Assert.That(RetryRule.Of(Of(stage).Intend("a").State.Stage("a"), failure, 0).Retry, Is.EqualTo(retry));
    }

    [TestCase(3, FailureClass.Failed, true)]
    [TestCase(4, FailureClass.Failed, false)]
    [TestCase(3, FailureClass.Config, false, Description = "a wrong configuration is never tried again")]
    [TestCase(null, FailureClass.Failed, false)]
    public void ExitCodeNamedUnderRetry_IsRetried(int? code, FailureClass failure, bool retry)
    {
        var stage = Stage("a") with { Retry = new RetryPolicy(ExitCodes: [3]) };
        Assert.That(RetryRule.Of(Of(stage).Intend("a").State.Stage("a"), failure, 0, code).Retry, Is.EqualTo(retry));
    }

    [Test]
    public void NodeFailure_AfterANewCheckpoint_DoesNotCount()
    {
        var stage = Of(Stage("a")).Intend("a", resumeStep: 100).Checkpoint("a", step: 200).State.Stage("a");
        Assert.That(RetryRule.Of(stage, FailureClass.NodeFailure, 250), Is.EqualTo(new RetryDecision(true, false)));
    }

    [Test]
    public void NodeFailure_AfterTheCheckpointItCameFrom_Counts()
    {
        // It wrote step 100 again, from which it had started: nothing was gained.
        var stage = Of(Stage("a")).Intend("a", resumeStep: 100).Checkpoint("a", step: 100).State.Stage("a");
        Assert.That(RetryRule.Of(stage, FailureClass.NodeFailure, 150).Counted, Is.True);
    }

    [Test]
    public void CountedFailures_BeyondTheLimit_EndTheStage()
    {
        var stage = Stage("a") with { Retry = new RetryPolicy(Limit: 2) };
        var journal = Of(stage).Fail("a", FailureClass.NodeFailure, true, true, 1, step: 1).Intend("a", 2);
        Assert.That(RetryRule.Of(journal.State.Stage("a"), FailureClass.NodeFailure, 2).Retry, Is.True, "second retry of 2");

        journal.Fail("a", FailureClass.NodeFailure, true, true, 2, step: 2).Intend("a", 3);
        var third = RetryRule.Of(journal.State.Stage("a"), FailureClass.NodeFailure, 3);
        Assert.That(third.Retry, Is.False);
        Assert.That(third.Because, Does.Contain("2 retries"));
    }

    [Test]
    public void UncountedFailures_Between_DoNotUseUpTheLimit()
    {
        var journal = Of(Stage("a") with { Retry = new RetryPolicy(Limit: 1) });
        for (var attempt = 1; attempt <= 20; attempt++)
            journal.Intend("a", attempt).Checkpoint("a", attempt * 10, attempt).Fail("a", FailureClass.Interrupted, true, false, attempt, attempt * 10);
        Assert.That(RetryRule.Of(journal.Intend("a", 21).State.Stage("a"), FailureClass.NodeFailure, 201).Retry, Is.True);
    }

    [TestCase(FailureClass.Interrupted)]
    [TestCase(FailureClass.NodeFailure)]
    [TestCase(FailureClass.Stalled)]
    public void ThirdDeath_AtTheSameStepWithoutANewCheckpoint_EndsTheStage(FailureClass failure)
    {
        var journal = Of(Stage("a")).Fail("a", failure, true, false, 1, step: 57).Fail("a", failure, true, false, 2, step: 57).Intend("a", 3);
        var decision = RetryRule.Of(journal.State.Stage("a"), failure, 57);
        Assert.That(decision.Retry, Is.False);
        Assert.That(decision.Because, Does.Contain("3 times at step 57"));
        Assert.That(RetryRule.Of(journal.State.Stage("a"), failure, 58).Retry, Is.True, "another step");
    }

    [Test]
    public void ThirdDeath_AfterACheckpointInBetween_DoesNotEndTheStage()
    {
        var journal = Of(Stage("a"))
            .Fail("a", FailureClass.NodeFailure, true, true, 1, step: 57)
            .Intend("a", 2).Checkpoint("a", 50, 2).Fail("a", FailureClass.NodeFailure, true, false, 2, step: 57)
            .Intend("a", 3, resumeStep: 50);
        Assert.That(RetryRule.Of(journal.State.Stage("a"), FailureClass.NodeFailure, 57).Retry, Is.True);
    }

    [Test]
    public void ThirdDeath_FromACheckpointThatNobodyAnnounced_DoesNotEndTheStage()
    {
        // The second attempt was killed between its checkpoint at step 5 and the event about it, the third before its first heartbeat.
        var journal = Of(Stage("a"))
            .Fail("a", FailureClass.NodeFailure, true, true, 1, step: 0)
            .Fail("a", FailureClass.NodeFailure, true, true, 2, step: 0)
            .Intend("a", 3, resumeStep: 5);
        Assert.That(RetryRule.Of(journal.State.Stage("a"), FailureClass.NodeFailure, 0), Is.EqualTo(new RetryDecision(true, true)));
    }

    [Test]
    public void Resume_ForgetsEarlierFailures()
    {
        var journal = Of(Stage("a") with { Retry = new RetryPolicy(Limit: 0) })
            .Fail("a", FailureClass.NodeFailure, false, true, 1, 57).Add(new RunFailed { Failed = ["a"] })
            .Add(new RunResumed()).Intend("a", 2);
        Assert.That(journal.State.Stage("a").CountedRetries, Is.Zero);
        Assert.That(RetryRule.Of(journal.State.Stage("a"), FailureClass.Interrupted, 57).Retry, Is.True);
    }
}
