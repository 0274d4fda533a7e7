using Pipeline.Executors.Slurm;

namespace Pipeline.Executors.Tests.Slurm;

/// <summary>What <c>squeue --json</c> means.</summary>
public sealed class SlurmQueueTests
{
    private static SlurmJob Recorded(string name) =>
        SlurmQueue.Read(Recordings.Read("squeue-22.05.json")).Single(job => job.Name == name);

    [Test]
    public void Controller_Down_IsNoEmptyQueue()
    {
        // squeue exits with 0 and "jobs": []; only "errors" tells.
        var error = Assert.Throws<SlurmUnavailableException>(() => SlurmQueue.Read(Recordings.Read("squeue-22.05-controller-down.json")));
        Assert.That(error.Message, Does.Contain("Failed while looking for jobs"));
    }

    [TestCase("")]
    [TestCase("slurm_load_jobs error")]
    [TestCase("{}")]
    [TestCase("""{"jobs": [{"job_id": 1}]}""")]
    public void Answer_ThatIsNotUnderstood_IsNoEmptyQueue(string answer) =>
        Assert.Throws<SlurmUnavailableException>(() => SlurmQueue.Read(answer));

    [Test]
    public void ExitCode_IsARawWaitStatus()
    {
        Assert.That((Recorded("seven").Code, Recorded("seven").Signal), Is.EqualTo(((int?)7, (int?)null)), "1792 = 7 * 256");
        Assert.That((Recorded("killed").Code, Recorded("killed").Signal), Is.EqualTo(((int?)null, (int?)9)), "9");
        Assert.That(SlurmJob.Decode(35072), Is.EqualTo(((int?)137, (int?)null)), "a child killed by 9 makes a shell exit with 137 = 35072 / 256");
        Assert.That(SlurmJob.Decode(253), Is.EqualTo(((int?)null, (int?)125)), "out of memory: 253 = 0x80 | 125");
    }

    [Test]
    public void States_SayWhetherAJobWaitsIsHeldOrIsOver()
    {
        Assert.That((Recorded("long").IsWaiting, Recorded("long").IsFinal), Is.EqualTo((false, false)));
        Assert.That((Recorded("held").IsWaiting, Recorded("held").IsHeld), Is.EqualTo((true, true)));
        Assert.That((Recorded("heldbad").IsWaiting, Recorded("heldbad").IsHeld), Is.EqualTo((true, false)));
        Assert.That(Recorded("cancelled").IsFinal);
        Assert.That(Recorded("done").IsFinal);
    }

    [Test]
    public void Job_ThatSbatchRefused_LeavesARecordThatIsNone()
    {
        Assert.That(Recorded("refused").WasRefused);
        Assert.That(Recorded("seven").WasRefused, Is.False, "FAILED, but it ran");
    }

    [Test]
    public void LaterVersions_WriteListsAndObjects_AndMeanTheSame()
    {
        var jobs = SlurmQueue.Read(Recordings.Read("squeue-24.05.json"));
        Assert.That(jobs.Select(job => (job.Id, job.State, job.Code, job.Signal, job.Submitted)), Is.EqualTo(new (long, string, int?, int?, long)[]
        {
            (7, "RUNNING", 0, null, 1795632357),
            (8, "COMPLETING", null, 15, 1795632358), // what it will be is not what it is
            (9, "FAILED", 7, null, 1795632359),
        }));
    }
}
