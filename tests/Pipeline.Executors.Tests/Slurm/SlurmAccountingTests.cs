using Pipeline.Executors.Slurm;

namespace Pipeline.Executors.Tests.Slurm;

/// <summary>What <c>sacct</c> means.</summary>
public sealed class SlurmAccountingTests
{
    private static SlurmJob? Read(long id, string name) => SlurmAccounting.Read(Recordings.Read("sacct.txt"), id, name);

    [Test]
    public void Lines_AreAskedForAndNotJson() =>
        Assert.That(SlurmAccounting.Arguments(25), Does.Not.Contain("--json"), "its JSON calls exit 3 SUCCESS with 0");

    [Test]
    public void ExitCode_IsCodeAndSignal()
    {
        Assert.That((Read(25, "three")!.Code, Read(25, "three")!.Signal), Is.EqualTo(((int?)3, (int?)null)));
        Assert.That((Read(24, "fat")!.Code, Read(24, "fat")!.Signal), Is.EqualTo(((int?)null, (int?)125)));
    }

    [Test]
    public void Cancelled_IsFollowedByWho() => Assert.That(Read(23, "stopped")!.State, Is.EqualTo("CANCELLED"));

    [Test]
    public void RowWithoutAnEnd_IsNotBelieved()
    {
        Assert.That(Read(21, "outage"), Is.Null, "FAILED for some seconds after an outage of slurmdbd, then something else");
        Assert.That(Read(16, "lost1"), Is.Null, "RUNNING for ever: the controller lost it");
    }

    [Test]
    public void NumberOfAnotherJob_IsNotOurs() => Assert.That(Read(14, "somebody"), Is.Null);

    [Test]
    public void RequeuedJob_EndsWithItsLastRow() => Assert.That(Read(14, "m-nf-rq")!.State, Is.EqualTo("COMPLETED"));
}
