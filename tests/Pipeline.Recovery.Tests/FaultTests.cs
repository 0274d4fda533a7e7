using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Pipeline.Engine;
using Pipeline.Engine.Runs;

namespace Pipeline.Recovery.Tests;

/// <summary>What a machine does to a run beside killing it. Each time: a clear error with its code, nothing lost, and the run goes on when the cause is gone.</summary>
[Parallelizable(ParallelScope.Children)]
public sealed class FaultTests
{
    private const string Work = "steps: 6, checkpoint_every: 2";

    [Test]
    public void Disk_FullBeforeARun_SaysSoAndRunsAfterwards()
    {
        using var disk = new SmallDisk();
        using var bench = new RunBench(Two()) { State = Path.Combine(disk.Folder, "state") };
        disk.Fill();
        var refused = bench.Start("run");
        Assert.That(refused.WaitForExit(), Is.Not.Zero);
        Assert.That(refused.Output, Does.Match("error [A-Z_]+: .*([Nn]o space left|disk .* full)"), refused.Output);
        disk.Clear();
        AssertDone(bench, "run");
    }

    [Test]
    public void Disk_WithoutRoomForAnAttempt_StartsNothingAndSaysSo()
    {
        using var disk = new SmallDisk();
        using var bench = new RunBench(Two()) { State = Path.Combine(disk.Folder, "state") };
        Assert.That(bench.Do("run"), Is.Zero);
        disk.Fill(leave: 12 << 20); // room for the journal, not the 16 MB that an attempt takes
        var failed = bench.Start("run");
        Assert.That(failed.WaitForExit(), Is.EqualTo(1), failed.Output);
        Assert.That(failed.Output, Does.Contain("an attempt takes at least 16 MB").And.Contain("free some space and resume the run"));
        Assert.That(bench.Ledger.Starts.Count(), Is.EqualTo(2), "those of the first run");
        disk.Clear();
        AssertDone(bench, "resume");
    }

    [Test]
    public void Disk_FullWhileAStageWorks_LosesNothing()
    {
        using var disk = new SmallDisk();
        using var bench = new RunBench(Two) { State = Path.Combine(disk.Folder, "state") };
        var engine = StartAndHold(bench);
        disk.Fill();
        bench.Release();
        // The stage cannot write its next checkpoint and ends; its shim waits for room, and the engine for the shim.
        Deadline.Await(() => bench.Ledger.Alive.Count == 0, () => $"the stage to end\n{engine.Output}");
        disk.Clear();
        if (engine.WaitForExit() != 0)
        {
            Assert.That(engine.Output, Does.Contain(EngineErrors.DiskFull));
            Assert.That(bench.Do("resume"), Is.Zero);
        }
        AssertWhole(bench);
    }

    [Test]
    public void Disk_ReadOnly_SaysSoAndGoesOnAfterwards()
    {
        using var disk = new SmallDisk();
        using var bench = new RunBench(Two) { State = Path.Combine(disk.Folder, "state") };
        StartAndHold(bench).Kill();
        bench.Release();
        Deadline.Await(() => bench.Alive.Count == 0, () => "the job to end by itself");
        Assert.That(disk.TryForbidWrites(), "nobody has a file open");

        var refused = bench.Start("resume");
        Assert.That(refused.WaitForExit(), Is.EqualTo(5), refused.Output);
        Assert.That(refused.Output, Does.Match($"error ({EngineErrors.JournalUnavailable}|{EngineErrors.StateFolderUnwritable}): "));
        disk.AllowWrites();
        AssertDone(bench, "resume");
    }

    [TestCase("torn")]
    [TestCase("flipped")]
    [TestCase("missing")]
    public void NewestCheckpoint_Damaged_FallsBackToTheOneBeforeAndSaysSo(string damage)
    {
        using var bench = new RunBench(gate => RunBench.Stage("a", $"{Work}, hold_at: 5, hold_until: \"{gate}\"")
            + RunBench.Stage("b", Work, needs: "a"));
        StartAndHold(bench).Kill();
        foreach (var pid in bench.Alive) Process.GetProcessById(pid).Kill();
        Deadline.Await(() => bench.Alive.Count == 0, () => "shim and stage to die");
        Damage(Path.Combine(bench.Attempts(bench.LatestRun!, "a")[0], "checkpoints", "step-000004", "state.json"), damage);
        bench.Release();
        AssertDone(bench, "resume");

        var second = bench.Journal(bench.LatestRun!).OfType<AttemptIntended>().Single(fact => fact is { Instance: "a", Attempt: 2 });
        Assert.That(second.ResumeStep, Is.EqualTo(2));
        Assert.That(second.Note, Does.StartWith("Damaged checkpoints were passed over").And.EndsWith("it goes on from step 2."));
    }

    [Test]
    public void Journal_LockedByAnother_TheEngineWaits()
    {
        using var bench = new RunBench(Two);
        var engine = StartAndHold(bench);
        using (var other = new SqliteConnection($"Data Source={Path.Combine(bench.State, "journal.db")};Pooling=False"))
        {
            other.Open();
            using var transaction = other.BeginTransaction(deferred: false);
            bench.Release();
            Deadline.Await(() => File.Exists(Path.Combine(bench.Attempts(bench.LatestRun!, "a")[0], "exit.json")), () => "the job to end");
            Assert.That(engine.IsAlive, "it has something to record and waits for its turn");
            transaction.Rollback();
        }
        Assert.That(engine.WaitForExit(), Is.Zero, engine.Output);
        AssertWhole(bench);
    }

    [Test]
    public void Log_Of50Megabytes_TakesNoMemoryOfTheEngine() => PrintMuch(megabytes: 50);

    [Test, Category("soak")]
    public void Log_OfAGigabyte_TakesNoMemoryOfTheEngine() => PrintMuch(megabytes: 1000);

    private static void PrintMuch(int megabytes)
    {
        using var bench = new RunBench(gate => RunBench.Stage("a", $"{Work}, print_mb: {megabytes}, hold_at: 5, hold_until: \"{gate}\"")
            + RunBench.Stage("b", Work, needs: "a"));
        var engine = StartAndHold(bench);
        var log = new FileInfo(Path.Combine(bench.Attempts(bench.LatestRun!, "a")[0], "stdout.log"));
        Assert.That(log.Length, Is.EqualTo((long)megabytes << 20));
        var peak = engine.PeakMemoryBytes;
        TestContext.Out.WriteLine($"{megabytes} MB printed, the engine took at most {peak >> 20} MB");
        Assert.That(peak, Is.LessThan(250L << 20), "what the engine takes anyway");
        bench.Release();
        Assert.That(engine.WaitForExit(), Is.Zero, engine.Output);
        AssertWhole(bench);
    }

    /// <summary>Two stages, the first of which waits before its fifth step.</summary>
    private static string Two(string gate) =>
        RunBench.Stage("a", $"{Work}, hold_at: 5, hold_until: \"{gate}\"", more: "retry: { on: [failed] }") + RunBench.Stage("b", Work, needs: "a");

    private static IEnumerable<string> Two() => [RunBench.Stage("a", Work), RunBench.Stage("b", Work, needs: "a")];

    private static PipelineProcess StartAndHold(RunBench bench)
    {
        var engine = bench.Start("run");
        Deadline.Await(() => bench.IsHeld("a"), () => $"the stage to be held\n{engine.Output}");
        return engine;
    }

    private static void Damage(string file, string how)
    {
        var bytes = File.ReadAllBytes(file);
        if (how == "missing") File.Delete(file);
        else if (how == "torn") File.WriteAllBytes(file, bytes[..(bytes.Length / 2)]);
        else
        {
            bytes[^3] ^= 1;
            File.WriteAllBytes(file, bytes);
        }
    }

    private static void AssertDone(RunBench bench, string verb)
    {
        var process = bench.Start(verb);
        Assert.That(process.WaitForExit(), Is.Zero, process.Output);
        AssertWhole(bench);
    }

    private static void AssertWhole(RunBench bench)
    {
        Assert.That(bench.Ledger.StartedTwice, Is.Empty);
        foreach (var stage in new[] { "a", "b" })
            Assert.That(bench.OutputOf(bench.LatestRun!, stage), Is.EqualTo(Unbroken.Value[stage]), stage);
    }

    /// <summary>What the stages make if nobody disturbs them.</summary>
    private static readonly Lazy<Dictionary<string, string>> Unbroken = new(() =>
    {
        using var bench = new RunBench(Two());
        Assert.That(bench.Do("run"), Is.Zero);
        return new[] { "a", "b" }.ToDictionary(stage => stage, stage => bench.OutputOf(bench.LatestRun!, stage));
    });
}
