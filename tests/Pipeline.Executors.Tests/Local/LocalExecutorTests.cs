using System.Text.Json.Nodes;
using Pipeline.Engine.Ports;
using Pipeline.Protocol.Jobs;

namespace Pipeline.Executors.Tests.Local;

public sealed class LocalExecutorTests
{
    [Test]
    public void Job_ThatWorks_ExitsWithZeroAndItsResult()
    {
        using var bench = new Bench();
        var job = bench.Job("a", new JsonObject { ["steps"] = 3, ["print"] = "hello" });
        Assert.That(bench.Poll(job).Phase, Is.EqualTo(JobPhase.Absent));

        bench.Submit(job);
        var exit = bench.WaitForExit(job);

        Assert.Multiple(() =>
        {
            Assert.That((exit.Code, exit.Signal, exit.AskedBy), Is.EqualTo(((int?)0, (int?)null, ExitAsked.Nobody)));
            Assert.That(exit.PeakMemoryBytes, Is.GreaterThan(10 << 20), "a .NET process takes more than 10 MiB");
            Assert.That(exit.CpuSeconds, Is.GreaterThan(0.01));
            Assert.That(File.Exists(job.Handle.Folder.Result));
            Assert.That(File.ReadAllText(job.Handle.Folder.StandardOutput), Is.EqualTo("hello"));
        });
    }

    [TestCase(1)]
    [TestCase(StageExit.Internal)]
    [TestCase(StageExit.Config)]
    public void Job_ThatFails_ExitsWithItsCode(int code)
    {
        using var bench = new Bench();
        var job = bench.Job("a", new JsonObject { ["fail_at"] = 1, ["exit_code"] = code });
        bench.Submit(job);
        Assert.That(bench.WaitForExit(job).Code, Is.EqualTo(code));
    }

    [Test]
    public void Job_KilledByASignal_ExitsWithTheSignalAndNotWithACode()
    {
        using var bench = new Bench();
        var job = bench.Job("a", new JsonObject { ["signal_at"] = 1, ["signal"] = 9 });
        bench.Submit(job);
        var exit = bench.WaitForExit(job);
        Assert.That((exit.Code, exit.Signal, exit.AskedBy), Is.EqualTo(((int?)null, (int?)9, ExitAsked.Nobody)));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Job_WhoseFolderIsDeleted_EndsWithItsShim(bool ignoresSigterm)
    {
        using var bench = new Bench();
        var job = bench.Job("a", new JsonObject { ["steps"] = 100_000, ["step_ms"] = 10, ["ignore_sigterm"] = ignoresSigterm }, limits: new JobLimits(GraceSeconds: 0.2));
        bench.Submit(job);
        bench.WaitForStep(job, 1);
        var record = Bench.ShimOf(job);
        // What is written meanwhile may keep a folder from being deleted.
        Bench.WaitUntil(() =>
        {
            try { Directory.Delete(job.Handle.Folder.Path, recursive: true); }
            catch (IOException) { }
            return !Directory.Exists(job.Handle.Folder.Path);
        }, () => "the folder to be gone");
        Bench.WaitUntil(() => !record.Shim.IsAlive && !record.Stage!.IsAlive, () => "shim and stage to end");
    }

    [Test]
    public void Job_WhoseProgramIsMissing_IsAConfigurationErrorThatNamesTheProgram()
    {
        using var bench = new Bench();
        var job = bench.Job("a", [], program: ["/nowhere/train"]);
        bench.Submit(job);
        var exit = bench.WaitForExit(job);
        Assert.That(exit.Code, Is.EqualTo(StageExit.Config));
        Assert.That(exit.Message, Does.Contain("/nowhere/train").And.Contains("No such file"));
    }

    [Test]
    public async Task Submit_MoreThanTheMachineHas_IsRefused()
    {
        using var bench = new Bench(cpus: 2);
        var cpus = await Assert.ThrowsAsync<ExecutorException>(() => bench.Executor.Submit(bench.Job("a", [], cpus: 3), default));
        var gpus = await Assert.ThrowsAsync<ExecutorException>(() => bench.Executor.Submit(bench.Job("b", [], gpus: 1), default));
        Assert.That((cpus!.Code, gpus!.Code), Is.EqualTo(("EXECUTOR_CPUS", "EXECUTOR_GPUS")));
        Assert.That(cpus.Message, Does.Contain("asks for 3 CPUs and this machine has 2"));
    }

    [Test]
    public void Submit_TwiceAndByTwoEngines_RunsTheStageOnce()
    {
        using var bench = new Bench(cpus: 8);
        var job = bench.Job("a", new JsonObject { ["steps"] = 2 });
        var other = bench.NewExecutor();
        Parallel.For(0, 8, number => (number % 2 == 0 ? bench.Executor : other).Submit(job, default).Wait());
        bench.WaitForExit(job);
        bench.Restart();
        bench.Submit(job);
        Assert.That(bench.WaitForExit(job).Code, Is.Zero);
        Assert.That(bench.LedgerLines("start"), Has.Length.EqualTo(1));
    }

    [Test]
    public void Stop_OfARunningJob_LetsItCheckpointAndTheNextAttemptGoOnFromThere()
    {
        using var bench = new Bench();
        var unbroken = bench.Job("a", new JsonObject { ["steps"] = 40, ["step_ms"] = 0 });
        bench.Submit(unbroken);
        bench.WaitForExit(unbroken);
        var expected = Bench.OutputOf(unbroken);

        var options = new JsonObject { ["steps"] = 40, ["hold_at"] = 11, ["hold_until"] = Path.Combine(bench.State, "go") };
        var first = bench.Job("a", (JsonObject)options.DeepClone(), attempt: 2);
        bench.Submit(first);
        bench.WaitForStep(first, 10);
        bench.Stop(first);
        var exit = bench.WaitForExit(first);
        Assert.That((exit.Code, exit.AskedBy), Is.EqualTo(((int?)StageExit.Interrupted, ExitAsked.Cancel)));

        File.WriteAllText(Path.Combine(bench.State, "go"), "");
        var second = bench.Job("a", options, attempt: 3, resumeFrom: Path.Combine(first.Handle.Folder.Checkpoints, "step-000010"));
        bench.Submit(second);
        Assert.That(bench.WaitForExit(second).Code, Is.Zero);
        Assert.That(Bench.OutputOf(second), Is.EqualTo(expected));
    }

    [Test]
    public void Stop_OfAJobThatDoesNotListen_KillsTheWholeTreeAfterItsGrace()
    {
        using var bench = new Bench();
        var job = bench.Job("a", new JsonObject { ["hang_at"] = 1, ["ignore_sigterm"] = true, ["children"] = 2 },
            limits: new JobLimits(GraceSeconds: 0.3));
        bench.Submit(job);
        bench.WaitForStep(job, 0);
        bench.Stop(job, ExitAsked.Stalled);
        var exit = bench.WaitForExit(job);
        Assert.That((exit.Signal, exit.AskedBy), Is.EqualTo(((int?)9, ExitAsked.Stalled)));
        Assert.That(Pipeline.Executors.Local.ProcessTree.OfJob(job.Handle.Folder), Is.Empty, "exit.json means the tree is gone");
    }

    [Test]
    public void Stop_OfAJobThatWaits_TakesItOutOfTheQueue()
    {
        using var bench = new Bench(cpus: 1);
        var holder = bench.Job("a", new JsonObject { ["hang_at"] = 1 });
        var waiter = bench.Job("b", []);
        bench.Submit(holder, waiter);
        bench.WaitForStep(holder, 0);
        Assert.That(bench.Poll(waiter).Phase, Is.EqualTo(JobPhase.Queued));
        bench.Stop(waiter);
        Assert.That(bench.WaitForExit(waiter).AskedBy, Is.EqualTo(ExitAsked.Cancel));
        bench.Stop(holder);
        bench.WaitForExit(holder);
        Assert.That(bench.LedgerLines("start"), Has.Length.EqualTo(1), "the waiting one never started");
    }

    [Test]
    public void Stop_OfAJobThatWasNeverSubmitted_DoesNothing()
    {
        using var bench = new Bench();
        var job = bench.Job("a", []);
        bench.Stop(job);
        Assert.That(bench.Poll(job).Phase, Is.EqualTo(JobPhase.Absent));
        bench.Submit(job);
        Assert.That(bench.WaitForExit(job).Code, Is.Zero);
    }

    [Test]
    public void WallLimit_Reached_AsksForACheckpointFirst()
    {
        using var bench = new Bench();
        var job = bench.Job("a", new JsonObject { ["steps"] = 2, ["hold_at"] = 2, ["hold_until"] = "/nowhere" },
            limits: new JobLimits(WallSeconds: 1, GraceSeconds: 10));
        bench.Submit(job);
        var exit = bench.WaitForExit(job);
        Assert.That((exit.Code, exit.AskedBy), Is.EqualTo(((int?)StageExit.Interrupted, ExitAsked.WallLimit)));
        Assert.That(Directory.Exists(Path.Combine(job.Handle.Folder.Checkpoints, "step-000001")));
    }

    [Test]
    public void Secrets_OfTheEngine_AreNotInTheJobsEnvironment()
    {
        string[] secrets = ["PIPELINE_STORE", "PGPASSWORD", "PIPELINE_TOKEN"];
        using var bench = new Bench();
        foreach (var name in secrets) Environment.SetEnvironmentVariable(name, "hunter2");
        try
        {
            var job = bench.Job("a", [], program: ["/bin/sh", "-c", "! env | grep -q hunter2"]);
            bench.Submit(job);
            Assert.That(bench.WaitForExit(job).Code, Is.Zero);
        }
        finally { foreach (var name in secrets) Environment.SetEnvironmentVariable(name, null); }
    }

    [Test]
    public void MemoryLimit_Exceeded_KillsAtOnceAndSaysWhy()
    {
        using var bench = new Bench();
        // 300 MiB asked for, 200 MiB allowed; the process without them takes well below 100.
        var job = bench.Job("a", new JsonObject { ["allocate_mb"] = 300, ["hang_at"] = 1 }, memoryBytes: 200L << 20);
        var modest = bench.Job("b", new JsonObject { ["steps"] = 1, ["allocate_mb"] = 50 }, memoryBytes: 200L << 20);
        bench.Submit(job, modest);
        var exit = bench.WaitForExit(job);
        Assert.That((exit.Signal, exit.AskedBy), Is.EqualTo(((int?)9, ExitAsked.MemoryLimit)));
        Assert.That(bench.WaitForExit(modest).Code, Is.Zero);
    }

    [Test]
    public void MemoryLimit_OfTheWholeTree_KillsWhatGrowsFasterThanAnybodyLooks()
    {
        // Where control groups may be made, the kernel kills before the shim's first look, which comes after a second.
        using var group = Pipeline.Executors.Local.MemoryGroup.TryMake(1 << 30);
        if (group is null) Assert.Ignore("control groups may not be written here");
        using var bench = new Bench();
        var job = bench.Job("a", [], memoryBytes: 100L << 20, program: ["/bin/sh", "-c", "(head -c 1G /dev/zero | tail) & wait $!; exit 5"]);
        bench.Submit(job);
        Assert.That(bench.WaitForExit(job).AskedBy, Is.EqualTo(ExitAsked.MemoryLimit), "tail keeps a line of 1 GiB; its shell lives on");
    }

    [Test]
    public void Children_ThatLeaveSessionParentAndEnvironment_AreKilledWithTheTree()
    {
        using var bench = new Bench();
        var mark = 3600 + Random.Shared.Next(1, 1 << 20) * 1e-6; // a length of sleep that nobody else has
        var sleep = $"sleep {mark.ToString("F6", System.Globalization.CultureInfo.InvariantCulture)}";
        var job = bench.Job("a", [], limits: new JobLimits(GraceSeconds: 0.2),
            program: ["/bin/sh", "-c", $"trap '' TERM; setsid env -i /bin/sh -c '(trap \"\" TERM; {sleep}) & exit' & wait; touch ready; while :; do sleep 1; done"]);
        bench.Submit(job);
        Bench.WaitUntil(() => Sleeping(sleep) > 0 && File.Exists(Path.Combine(job.Handle.Folder.Path, "ready")), () => "the grandchild");
        bench.Stop(job);
        bench.WaitForExit(job);
        Assert.That(Sleeping(sleep), Is.Zero);
    }

    private static int Sleeping(string command) => Directory.EnumerateDirectories("/proc").Count(process =>
    {
        try { return File.ReadAllText(Path.Combine(process, "cmdline")).TrimEnd('\0').Replace('\0', ' ') == command; }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException) { return false; }
    });

    [Test]
    public void Stragglers_OfAFinishedStage_AreGoneBeforeTheExitRecord()
    {
        using var bench = new Bench();
        // The shell ends at once and leaves a child behind, which would sleep for an hour.
        var job = bench.Job("a", [], program: ["/bin/sh", "-c", "sleep 3600 & exit 4"]);
        bench.Submit(job);
        Assert.That(bench.WaitForExit(job).Code, Is.EqualTo(4));
        Assert.That(Pipeline.Executors.Local.ProcessTree.OfJob(job.Handle.Folder), Is.Empty);
    }
}
