using System.Text.Json;
using Pipeline.Engine.Ports;
using Pipeline.Executors.Slurm;
using Pipeline.Protocol;
using Pipeline.Protocol.Jobs;
using Pipeline.Tests;

namespace Pipeline.Executors.Tests.Slurm;

/// <summary>Jobs that Slurm forgets, takes for another or gives up: programs that print what was recorded stand in Slurm's place.</summary>
public sealed class ForgottenJobTests
{
    private string _programs = null!;
    private SlurmBench _bench = null!;
    private JobRequest _job = null!;

    [SetUp]
    public void Begin()
    {
        _programs = Path.Combine(Path.GetTempPath(), $"slurm-programs-{Guid.NewGuid():N}");
        Directory.CreateDirectory(_programs);
        _bench = new SlurmBench(_programs);
        _job = _bench.Job("a");
        new SlurmRecord(16, SlurmRecord.NameOf(_job.Handle.Name), 1000, Released: true).Write(_job.Handle.Folder);
        Program("sacct", "echo 'Slurm accounting storage is disabled' >&2; exit 1");
        Queue();
    }

    [TearDown]
    public void End()
    {
        _bench.Dispose();
        Directory.Delete(_programs, recursive: true);
    }

    [Test]
    public void Job_ForgottenAfterItsEnd_IsWhatItsRecordSays()
    {
        WholeFile.WriteJson(_job.Handle.Folder.Exit, new ExitRecord(75, null, ExitAsked.Nobody, 0, 0, DateTimeOffset.UnixEpoch));
        Assert.That(_bench.Poll(_job).Exit!.Code, Is.EqualTo(75));
    }

    [Test]
    public void Job_ForgottenWithoutARecord_IsWhatTheAccountingSays()
    {
        Program("sacct", $"echo '16|{SlurmRecord.NameOf(_job.Handle.Name)}|TIMEOUT|0:0|2026-11-23T18:01:10'");
        Assert.That(_bench.Poll(_job).Exit!.AskedBy, Is.EqualTo(ExitAsked.WallLimit));
    }

    [Test]
    public void Accounting_ThatIsDown_LeavesTheJobUnknown()
    {
        Program("sacct", "echo 'sacct: error: slurm_persist_conn_open: Connection refused' >&2; exit 1");
        Assert.Throws<SlurmUnavailableException>(() => _bench.Poll(_job));
    }

    [Test]
    public void Job_LostByTheController_IsUnknownWhileItLivesAndGoneAfterwards()
    {
        // A controller that was killed soon after sbatch forgets the job, whose process runs on to its end.
        File.WriteAllText(_job.Handle.Folder.Lease, "");
        Assert.That(_bench.Poll(_job).Phase, Is.EqualTo(JobPhase.Unknown));
        Expire();
        _bench.Executor.Stop(_job.Handle, ExitAsked.Cancel, default).GetAwaiter().GetResult();
        Assert.That(_bench.Poll(_job).Phase, Is.EqualTo(JobPhase.Gone));
    }

    [Test]
    public void Number_GivenToAnotherJob_IsNotOurs()
    {
        Queue(Entry(16, "intruder", "RUNNING"));
        Assert.That(_bench.Poll(_job).Phase, Is.EqualTo(JobPhase.Gone));
        Program("scancel", "echo \"$@\" >> $(dirname $0)/calls");
        _bench.Stop(_job);
        Assert.That(File.Exists(Path.Combine(_programs, "calls")), Is.False, "the intruder is left alone");
    }

    [Test]
    public void Name_OfAnEarlierSubmission_IsNotOurs()
    {
        Queue(Entry(16, SlurmRecord.NameOf(_job.Handle.Name), "RUNNING", submitted: 999));
        Assert.That(_bench.Poll(_job).Phase, Is.EqualTo(JobPhase.Gone));
    }

    [Test]
    public void Node_GivenUp_IsNotDeadAsLongAsTheJobGivesSigns()
    {
        Queue(Entry(16, SlurmRecord.NameOf(_job.Handle.Name), "NODE_FAIL"));
        File.WriteAllText(_job.Handle.Folder.Lease, "");
        Assert.That(_bench.Poll(_job).Phase, Is.EqualTo(JobPhase.Unknown));
        Expire();
        Assert.That(Next(JobPhase.Exited).Exit!.Message, Does.Contain("NODE_FAIL"));
    }

    [Test]
    public void Refused_JobOfThatName_IsNone()
    {
        File.Delete(Path.Combine(_job.Handle.Folder.Path, "slurm.json"));
        Queue(Entry(3, SlurmRecord.NameOf(_job.Handle.Name), "FAILED", reason: "BadConstraints"));
        Assert.That(_bench.Poll(_job).Phase, Is.EqualTo(JobPhase.Absent));
    }

    [Test]
    public void Controller_ThatIsDown_SaysNothing()
    {
        Program("squeue", $"cat '{Recordings.PathOf("squeue-22.05-controller-down.json")}'");
        Assert.Throws<SlurmUnavailableException>(() => _bench.Poll(_job));
    }

    [Test]
    public void Machine_WithoutSlurm_SaysWhatIsMissing()
    {
        Program("squeue", null);
        var error = Assert.Throws<ExecutorException>(() => _bench.Poll(_job));
        Assert.That(error.Code, Is.EqualTo("EXECUTOR_SLURM_MISSING"));
    }

    /// <summary>The phase at the next look, which comes with the next period.</summary>
    private JobStatus Next(JobPhase phase)
    {
        _bench.WaitFor(_job, phase);
        return _bench.Poll(_job);
    }

    private void Expire() => File.SetLastWriteTimeUtc(_job.Handle.Folder.Lease, DateTime.UtcNow.AddMinutes(-1)); // the limit is 30 s

    private static object Entry(long id, string name, string state, string reason = "None", long submitted = 1000) =>
        new { job_id = id, name, job_state = state, state_reason = reason, exit_code = 0, submit_time = submitted };

    private void Queue(params object[] jobs) =>
        Program("squeue", $"cat <<'JSON'\n{JsonSerializer.Serialize(new { errors = Array.Empty<object>(), jobs })}\nJSON");

    private void Program(string name, string? body)
    {
        var path = Path.Combine(_programs, name);
        File.Delete(path);
        if (body is null) return;
        File.WriteAllText(path, $"#!/bin/bash\n{body}\n");
        SlurmCluster.Run("chmod", ["+x", path]);
    }
}
