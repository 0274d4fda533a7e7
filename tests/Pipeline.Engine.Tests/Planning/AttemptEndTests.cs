using Pipeline.Engine.Planning;
using Pipeline.Protocol.Jobs;
using Pipeline.Spec.Resolved;

namespace Pipeline.Engine.Tests.Planning;

public class AttemptEndTests
{
    private static readonly StageResources Limits = new(MemoryBytes: 1_000_000_000, TimeoutSeconds: 60);

    [TestCase(0, null, ExitAsked.Nobody, FailureClass.Failed, TestName = "Exit0_WithoutResult_IsAFailure")]
    [TestCase(75, null, ExitAsked.Nobody, FailureClass.Interrupted)]
    [TestCase(78, null, ExitAsked.Nobody, FailureClass.Config)]
    [TestCase(70, null, ExitAsked.Nobody, FailureClass.Failed)]
    [TestCase(1, null, ExitAsked.Nobody, FailureClass.Failed)]
    [TestCase(null, 9, ExitAsked.Nobody, FailureClass.NodeFailure)]
    [TestCase(null, 11, ExitAsked.Nobody, FailureClass.NodeFailure)]
    [TestCase(null, null, ExitAsked.Nobody, FailureClass.NodeFailure, TestName = "EndThatNobodySaw_IsANodeFailure")]
    [TestCase(75, null, ExitAsked.Cancel, FailureClass.Cancelled)]
    [TestCase(null, 9, ExitAsked.Cancel, FailureClass.Cancelled)]
    [TestCase(null, null, ExitAsked.Cancel, FailureClass.Cancelled, TestName = "JobTakenOutOfTheQueue_IsCancelled")]
    [TestCase(75, null, ExitAsked.WallLimit, FailureClass.Timeout)]
    [TestCase(null, 9, ExitAsked.WallLimit, FailureClass.Timeout)]
    [TestCase(null, 9, ExitAsked.Stalled, FailureClass.Stalled)]
    [TestCase(null, 9, ExitAsked.MemoryLimit, FailureClass.OutOfMemory)]
    public void ExitRecord_WithoutAResult_HasItsClass(int? code, int? signal, ExitAsked askedBy, FailureClass expected)
    {
        var end = AttemptEnd.Of(new ExitRecord(code, signal, askedBy, 0, 0, default), hasResult: false, Limits);
        Assert.That(end.Failure, Is.EqualTo(expected));
        Assert.That(end.Message, Is.Not.Empty);
    }

    [TestCase(0, null, ExitAsked.Nobody)]
    [TestCase(null, 6, ExitAsked.Nobody, TestName = "Abort_AfterTheResult_IsDone")]
    [TestCase(75, null, ExitAsked.Cancel, TestName = "Cancel_AfterTheResult_IsDone")]
    [TestCase(null, 9, ExitAsked.WallLimit, TestName = "WallLimit_AfterTheResult_IsDone")]
    public void ExitRecord_WithAResult_IsDone(int? code, int? signal, ExitAsked askedBy) =>
        Assert.That(AttemptEnd.Of(new ExitRecord(code, signal, askedBy, 0, 0, default), hasResult: true, Limits).Failure, Is.Null);

    [Test]
    public void GoneJob_IsANodeFailure_UnlessItLeftAResult()
    {
        Assert.That(AttemptEnd.Of(null, hasResult: false, Limits).Failure, Is.EqualTo(FailureClass.NodeFailure));
        Assert.That(AttemptEnd.Of(null, hasResult: true, Limits).Failure, Is.Null);
    }

    // 95 % of 1 GB is the limit as far as a sample can tell.
    [TestCase(960_000_000, FailureClass.OutOfMemory)]
    [TestCase(500_000_000, FailureClass.NodeFailure)]
    public void Kill_AtTheMemoryLimit_IsOutOfMemory(long peak, FailureClass expected) => Assert.That(
        AttemptEnd.Of(new ExitRecord(null, 9, ExitAsked.Nobody, peak, 0, default), false, Limits).Failure, Is.EqualTo(expected));

    [Test]
    public void ProgramThatCouldNotStart_IsQuoted()
    {
        var exit = new ExitRecord(78, null, ExitAsked.Nobody, 0, 0, default, "/opt/stage is not there.");
        Assert.That(AttemptEnd.Of(exit, false, Limits), Is.EqualTo(new AttemptEnd(FailureClass.Config, "/opt/stage is not there.")));
    }
}
