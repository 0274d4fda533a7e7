using System.Diagnostics;
using System.Text.Json.Nodes;
using Pipeline.Engine.Ports;
using Pipeline.Executors.Local;
using Pipeline.Executors.Slurm;
using Pipeline.Executors.Tests.Local;
using Pipeline.Protocol.Jobs;
using Pipeline.Spec.Resolved;
using Pipeline.Tests;

namespace Pipeline.Executors.Tests.Slurm;

/// <summary>Jobs on a real Slurm.</summary>
[NonParallelizable]
public sealed class SlurmExecutorTests
{
    private static SlurmCluster? _cluster;
    private SlurmBench _bench = null!;

    [OneTimeSetUp]
    public static void StartCluster() => _cluster = SlurmCluster.Start(("SLURM_LOCAL_MESSAGE_TIMEOUT", "3"));

    [OneTimeTearDown]
    public static void EndCluster() => _cluster?.Dispose();

    [SetUp]
    public void MakeBench() => _bench = new SlurmBench();

    [TearDown]
    public void ClearBench()
    {
        SlurmCluster.Run("scancel", ["-u", Environment.UserName]);
        _bench.Dispose();
    }

    [Test]
    public void Job_RunsOnceWithItsEnvironment_AndLeavesItsRecord()
    {
        var job = _bench.Job("a", program: SlurmBench.Shell("printf '%s|' \"$ODD\" \"$PIPELINE_JOB\" \"[$CUDA_VISIBLE_DEVICES]\"; exit 7"));
        _bench.Submit(job);
        _bench.Submit(job);
        var exit = _bench.WaitForExit(job);
        _bench.Submit(job);
        Assert.That((exit.Code, exit.AskedBy), Is.EqualTo(((int?)7, ExitAsked.Nobody)));
        Assert.That(SlurmBench.OutputOf(job), Is.EqualTo($"a,b='c'\nd|{job.Handle.Folder.Job}|[]|"), "once");
        Assert.That(Jobs(job), Is.EqualTo(1));
    }

    [Test]
    public void Stage_IsDone_WithItsResult()
    {
        var job = _bench.Job("a", new JsonObject { ["steps"] = 4, ["step_ms"] = 500 }); // its script looks at the memory once a second
        _bench.Submit(job);
        var exit = _bench.WaitForExit(job);
        Assert.That(exit.Code, Is.Zero, File.ReadAllText(job.Handle.Folder.StandardError));
        Assert.That(exit.PeakMemoryBytes, Is.GreaterThan(10_000_000), "no .NET program is smaller");
        Assert.That(exit.CpuSeconds, Is.GreaterThan(0));
        Assert.That(File.Exists(job.Handle.Folder.Result));
    }

    [Test]
    public void Gpus_AreThoseOfTheJob()
    {
        var job = _bench.Job("a", program: SlurmBench.Shell("echo $CUDA_VISIBLE_DEVICES"), resources: new StageResources(1, Gpus: 2), slurm: new SlurmSettings(GpuType: "fake"));
        _bench.Submit(job);
        _bench.WaitForExit(job);
        Assert.That(SlurmBench.OutputOf(job), Is.EqualTo("0,1\n"));
    }

    [Test]
    public void Stop_OfARunningJob_IsACheckpointAndThenTheEnd()
    {
        var job = Held();
        _bench.Stop(job);
        var exit = _bench.WaitForExit(job);
        Assert.That((exit.Code, exit.AskedBy), Is.EqualTo(((int?)75, ExitAsked.Cancel)));
        Assert.That(Directory.GetDirectories(job.Handle.Folder.Checkpoints), Is.Not.Empty);
    }

    [Test]
    public void Stop_OfAStageThatDoesNotListen_EndsWithAKillAfterTheGraceTime()
    {
        var job = _bench.Job("a", new JsonObject { ["ignore_sigterm"] = true, ["hang_at"] = 1 }, limits: new JobLimits(GraceSeconds: 1));
        _bench.Submit(job);
        _bench.WaitForStage(job);
        _bench.Stop(job, ExitAsked.Stalled);
        var exit = _bench.WaitForExit(job);
        Assert.That((exit.Signal, exit.AskedBy), Is.EqualTo(((int?)9, ExitAsked.Stalled)));
    }

    [Test]
    public void Stop_OfAWaitingJob_TakesItOutOfTheQueue()
    {
        var job = _bench.Job("a", resources: new StageResources(Cpus: 4));
        var blockers = Enumerable.Range(0, 2).Select(number => Held($"b{number}", cpus: 4)).ToList();
        _bench.Submit(job);
        _bench.WaitFor(job, JobPhase.Queued);
        _bench.Stop(job);
        Assert.That(_bench.WaitForExit(job).AskedBy, Is.EqualTo(ExitAsked.Cancel));
        Assert.That(blockers.Select(blocker => _bench.Poll(blocker).Phase), Has.All.EqualTo(JobPhase.Running), "nobody else was stopped");
    }

    [Test]
    public void Impossible_IsRefusedAtOnce_ThoughAHeldJobWouldBeAccepted()
    {
        var job = _bench.Job("a", resources: new StageResources(1, Gpus: 9));
        var refusal = Assert.Throws<ExecutorException>(() => _bench.Submit(job));
        Assert.That(refusal.Message, Does.Contain("Requested node configuration is not available"));
        Assert.That(Jobs(job), Is.Zero);
        Assert.That(_bench.Poll(job).Phase, Is.EqualTo(JobPhase.Absent));
    }

    [Test]
    public void HeldJob_OfAnEngineThatDiedBeforeItsRecord_IsAdoptedAndReleased()
    {
        var job = _bench.Job("a", program: SlurmBench.Shell("echo once"));
        var script = JobScript.Of(job);
        var slurm = new SlurmCommands();
        slurm.SubmitHeld(script, job.Environment, default).GetAwaiter().GetResult();
        slurm.SubmitHeld(script, job.Environment, default).GetAwaiter().GetResult(); // Slurm takes a name twice

        Assert.That(_bench.Poll(job).Phase, Is.Not.EqualTo(JobPhase.Absent));
        _bench.Submit(job);
        Assert.That(_bench.WaitForExit(job).Code, Is.Zero);
        Assert.That(SlurmBench.OutputOf(job), Is.EqualTo("once\n"));
        Assert.That(SlurmCluster.Run("squeue", ["-h", "-t", "PD", "-n", SlurmRecord.NameOf(job.Handle.Name)]), Is.Empty, "the second was withdrawn");
    }

    [Test]
    public void FrozenController_ThatCarriesOutLaterWhatItDidNotAcknowledge_GetsNoSecondJob()
    {
        var job = _bench.Job("a", program: SlurmBench.Shell("echo once"));
        Signal("STOP", _cluster!.Controller);
        try
        {
            // --test-only times out first, so sbatch itself is asked by hand: it fails, and its request lies in the socket.
            Assert.Throws<SlurmUnavailableException>(() => _bench.Submit(job));
            var script = JobScript.Of(job);
            using var sbatch = Process.Start(new ProcessStartInfo("sbatch", ["--parsable", "--hold", .. script.Options])
            {
                RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            })!;
            sbatch.StandardInput.Write(script.Text);
            sbatch.StandardInput.Close();
            sbatch.WaitForExit();
            Assert.That(sbatch.ExitCode, Is.Not.Zero, "it says that it failed");
        }
        finally { Signal("CONT", _cluster.Controller); }

        Bench.WaitUntil(() => Jobs(job) == 1, () => "the controller to carry out what it had refused");
        _bench.Submit(job);
        Assert.That(_bench.WaitForExit(job).Code, Is.Zero);
        Assert.That((Jobs(job), SlurmBench.OutputOf(job)), Is.EqualTo((1, "once\n")));
    }

    [Test]
    public void Controller_ThatIsDown_LeavesJobsUnknown_AndTheirRecordsSpeakForThem()
    {
        var (quick, slow) = (_bench.Job("quick", program: SlurmBench.Shell("exit 3")), Held("slow"));
        _bench.Submit(quick);
        _bench.WaitForExit(quick);
        _cluster!.Script("stop-controller");
        try
        {
            Thread.Sleep(1); // the next look is a new one
            var answer = _bench.Executor.Poll([quick.Handle, slow.Handle], default).GetAwaiter().GetResult();
            Assert.That((answer[quick.Handle.Name].Phase, answer[slow.Handle.Name].Phase), Is.EqualTo((JobPhase.Exited, JobPhase.Unknown)));
            Release();
            Bench.WaitUntil(() => File.Exists(slow.Handle.Folder.Exit), () => "the job to end");
            Assert.That(_bench.Poll(slow).Exit!.Code, Is.Zero, "it wrote its record without a controller");
        }
        finally { _cluster.Script("start-controller"); }
    }

    [Test]
    public void Engine_ThatComesBack_FindsItsJobRunningAndThenDone()
    {
        var job = Held();
        _bench.Restart();
        Assert.That(_bench.Poll(job).Phase, Is.EqualTo(JobPhase.Running));
        Release();
        Assert.That(_bench.WaitForExit(job).Code, Is.Zero);
        Assert.That(_bench.Starts, Is.EqualTo(1));
    }

    [Test]
    public void Scancel_ByAnotherHand_IsACancellation()
    {
        var job = Held();
        SlurmCluster.Run("scancel", [SlurmBench.Id(job)]);
        var exit = _bench.WaitForExit(job);
        Assert.That(exit.AskedBy, Is.EqualTo(ExitAsked.Cancel));
        Assert.That(exit.Message, Does.Contain("scancel"));
    }

    [Test]
    public void Script_KilledWithItsStage_IsALostJob()
    {
        var job = Held();
        var stage = _bench.StagePid;
        var script = ProcessStat.Read(stage)!.Value.Parent;
        foreach (var pid in new[] { script, stage }) Signal("KILL", pid);
        var exit = _bench.WaitForExit(job);
        Assert.That((exit.Code, exit.AskedBy), Is.EqualTo(((int?)null, ExitAsked.Nobody)));
        Assert.That(exit.Signal, Is.EqualTo(9));
    }

    [Test]
    public void Job_StartedASecondTime_LeavesTheFolderToTheFirst()
    {
        var job = Held();
        SlurmCluster.Run("scontrol", ["update", $"jobid={SlurmBench.Id(job)}", "requeue=1"]);
        SlurmCluster.Run("scontrol", ["requeue", SlurmBench.Id(job)]);
        var exit = _bench.WaitForExit(job); // the first copy is told to go, or the second finds the folder taken
        Assert.That(_bench.Starts, Is.EqualTo(1));
        Assert.That(exit.Code, Is.AnyOf(null, 75));
    }

    [Test]
    public void WorkingFolder_ThatIsNotThere_IsAnErrorAndNotTmp()
    {
        var job = _bench.Job("a", program: ["/bin/pwd"]) with { WorkingFolder = "/no/such/folder" };
        _bench.Submit(job);
        Assert.That(_bench.WaitForExit(job).Code, Is.EqualTo(StageExit.Config));
        Assert.That(SlurmBench.OutputOf(job), Is.Empty);
    }

    [Test]
    public void Command_OnTwoNodes_FindsWhatTorchrunWants()
    {
        var job = _bench.Job("a",
            program: SlurmBench.Shell("echo $MASTER_ADDR:$((MASTER_PORT > 1024)) $NODE_RANK/$NNODES $PET_NODE_RANK/$PET_NNODES $CUDA_VISIBLE_DEVICES"),
            resources: new StageResources(Cpus: 2, Gpus: 1, Nodes: 2));
        _bench.Submit(job);
        Assert.That(_bench.WaitForExit(job).Code, Is.Zero, File.ReadAllText(job.Handle.Folder.StandardError));
        Assert.That(SlurmBench.OutputOf(job).TrimEnd().Split('\n').Order(), Is.EqualTo(new[] { "node1:1 0/2 0/2 0", "node1:1 1/2 1/2 0" }));
    }

    [Test]
    public void Stop_OfACommandOnTwoNodes_ReachesBoth()
    {
        var job = _bench.Job("a",
            // The second is done at once, the first takes its time: it must be given it.
            program: SlurmBench.Shell("trap 'sleep $((1 - NODE_RANK)); echo stopped; exit 75' TERM; echo up; while :; do sleep 0.1; done"),
            resources: new StageResources(Cpus: 1, Nodes: 2));
        _bench.Submit(job);
        Bench.WaitUntil(() => { _bench.Poll(job); return File.Exists(job.Handle.Folder.StandardOutput) && SlurmBench.OutputOf(job).Split("up").Length == 3; }, () => "both to be up");
        _bench.Stop(job);
        var exit = _bench.WaitForExit(job);
        Assert.That((exit.Code, exit.AskedBy), Is.EqualTo(((int?)75, ExitAsked.Cancel)), File.ReadAllText(job.Handle.Folder.StandardError));
        Assert.That(SlurmBench.OutputOf(job).Split("stopped"), Has.Length.EqualTo(3));
    }

    [Test]
    public void Command_OnTwoNodes_EndsWithTheOneThatFails()
    {
        var job = _bench.Job("a", program: SlurmBench.Shell("[ $NODE_RANK = 0 ] || exit 9; exec sleep 1000"), resources: new StageResources(Cpus: 1, Nodes: 2));
        _bench.Submit(job);
        Assert.That(_bench.WaitForExit(job).Code, Is.EqualTo(9), "though the other was ended by a signal");
    }

    private JobRequest Held(string instance = "a", int cpus = 1)
    {
        var job = _bench.Job(instance, new JsonObject { ["steps"] = 3, ["hold_at"] = 2, ["hold_until"] = Path.Combine(_bench.State, "go") },
            resources: new StageResources(Cpus: cpus));
        _bench.Submit(job);
        _bench.WaitForStage(job);
        return job;
    }

    private void Release() => File.WriteAllText(Path.Combine(_bench.State, "go"), "");

    /// <summary>How many jobs of that name Slurm knows.</summary>
    private static int Jobs(JobRequest job) => SlurmCluster.Run("squeue", ["-h", "-t", "all", "-o", "%j"])
        .Split('\n').Count(line => line.Trim() == SlurmRecord.NameOf(job.Handle.Name));

    private static void Signal(string signal, int pid) => SlurmCluster.Run("kill", [$"-{signal}", pid.ToString()]);
}
