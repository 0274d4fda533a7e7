using Pipeline.Engine.Planning;
using Pipeline.Executors.Slurm;
using Pipeline.Protocol.Jobs;
using Pipeline.Spec.Resolved;

namespace Pipeline.Executors.Tests.Slurm;

/// <summary>What follows from the end of a Slurm job.</summary>
public sealed class SlurmEndTests
{
    private static readonly ExitRecord Checkpointed = new(75, null, ExitAsked.Nobody, 0, 0, DateTimeOffset.UnixEpoch);
    private static readonly ExitRecord Killed = new(null, 9, ExitAsked.Nobody, 0, 0, DateTimeOffset.UnixEpoch);

    private static FailureClass? ClassOf(string state, ExitRecord? exit = null, ExitAsked? askedBy = null, int? code = 0, int? signal = null, string reason = "None") =>
        AttemptEnd.Of(SlurmEnd.Of(new SlurmJob(1, "a", state, reason, code, signal, 0), exit, askedBy), hasResult: false, new StageResources()).Failure;

    [TestCase("NODE_FAIL", FailureClass.NodeFailure)]
    [TestCase("BOOT_FAIL", FailureClass.NodeFailure)]
    [TestCase("OUT_OF_MEMORY", FailureClass.OutOfMemory)]
    [TestCase("TIMEOUT", FailureClass.Timeout)]
    [TestCase("DEADLINE", FailureClass.Timeout)]
    [TestCase("PREEMPTED", FailureClass.Interrupted)]
    [TestCase("CANCELLED", FailureClass.Cancelled)]
    [TestCase("FAILED", FailureClass.Failed)]
    public void State_OfAJobWithoutARecord_DecidesTheClass(string state, FailureClass expected) =>
        Assert.That(ClassOf(state, code: 1), Is.EqualTo(expected));

    [Test]
    public void Kill_InsideAMemoryLimit_IsOutOfMemory() =>
        // The stage was killed by 9 and the script lived to say so; who killed it is known to Slurm alone.
        Assert.That(ClassOf("OUT_OF_MEMORY", Killed), Is.EqualTo(FailureClass.OutOfMemory));

    [Test]
    public void Checkpoint_BeforeTheTimeLimit_IsAnInterruption()
    {
        Assert.That(ClassOf("FAILED", Checkpointed, code: 75), Is.EqualTo(FailureClass.Interrupted), "it ended before the limit");
        Assert.That(ClassOf("TIMEOUT", Checkpointed), Is.EqualTo(FailureClass.Interrupted), "its checkpoint was written, then the limit came");
    }

    [Test]
    public void Cancel_ByAnotherHand_IsNotTriedAgain()
    {
        // The stage made its checkpoint and ended with 75, as at any SIGTERM; that it was scancel is known to Slurm alone.
        Assert.That(ClassOf("CANCELLED", Checkpointed), Is.EqualTo(FailureClass.Cancelled));
        Assert.That(ClassOf("CANCELLED", null, ExitAsked.Stalled), Is.EqualTo(FailureClass.Stalled), "ours, for a reason");
    }

    [Test]
    public void Preemption_CountsAsInterruption_WithOrWithoutACheckpoint()
    {
        Assert.That(ClassOf("PREEMPTED", Checkpointed), Is.EqualTo(FailureClass.Interrupted));
        Assert.That(ClassOf("PREEMPTED", Killed), Is.EqualTo(FailureClass.Interrupted));
    }

    [Test]
    public void Script_ThatFoundNoFolder_IsAConfiguration() =>
        Assert.That(ClassOf("FAILED", code: JobScript.FolderMissing), Is.EqualTo(FailureClass.Config));

    [Test]
    public void Script_ThatWasStartedTwice_IsALostNode() =>
        Assert.That(ClassOf("FAILED", code: JobScript.BegunBefore), Is.EqualTo(FailureClass.NodeFailure));

    [Test]
    public void LaunchFailure_IsALostNode() =>
        // 0:53, where signal 53 is no signal.
        Assert.That(ClassOf("FAILED", code: null, signal: 53, reason: "JobLaunchFailure"), Is.EqualTo(FailureClass.NodeFailure));

    [Test]
    public void Record_ThatSaysWhoAsked_NeedsNoSlurm()
    {
        Assert.That(SlurmEnd.LeavesOpen(Checkpointed));
        Assert.That(SlurmEnd.LeavesOpen(Killed));
        Assert.That(SlurmEnd.LeavesOpen(Checkpointed with { AskedBy = ExitAsked.Cancel }), Is.False);
        Assert.That(SlurmEnd.LeavesOpen(Checkpointed with { Code = 0 }), Is.False);
        Assert.That(SlurmEnd.LeavesOpen(Checkpointed with { Code = 3 }), Is.False);
    }
}
