using System.Diagnostics;

namespace Pipeline.Recovery.Tests;

/// <summary>What became of the jobs while no engine was there, and what the next engine makes of it.</summary>
[Parallelizable(ParallelScope.Children)]
public sealed class ReattachTests
{
    [Test]
    public void JobThatIsDoneByNow_IsTakenAsItIs()
    {
        using var bench = KilledWhileHeld("a");
        bench.Release();
        Deadline.Await(() => bench.Ledger.Ended(bench.LatestRun!).Contains("a") && !bench.ShimsAlive, () => "the job to end by itself");
        AssertDone(bench, attempts: 1);
    }

    [Test]
    public void JobThatIsDeadByNow_IsTriedAgainFromItsCheckpoint()
    {
        using var bench = KilledWhileHeld("a");
        var stage = bench.Ledger.Alive.Single();
        foreach (var pid in new[] { stage.Parent, stage.Pid }) Process.GetProcessById(pid).Kill();
        Deadline.Await(() => bench.Ledger.Alive.Count == 0, () => "shim and stage to die");
        bench.Release();
        AssertDone(bench, attempts: 2);
        // It was killed before its third step, after the checkpoint at step 2: the second attempt begins with step 3.
        var steps = File.ReadLines(Path.Combine(bench.State, "runs", bench.LatestRun!, "a", "attempt-2", "metrics.jsonl"));
        Assert.That(steps.First(), Does.StartWith("{\"step\":3,"));
    }

    [Test]
    public void JobWhoseShimIsDeadByNow_IsWatchedByAnotherShim()
    {
        using var bench = KilledWhileHeld("a");
        Process.GetProcessById(bench.Ledger.Alive.Single().Parent).Kill();
        var engine = bench.Start("resume");
        Deadline.Await(() => bench.ShimsAlive, () => $"another shim\n{engine.Output}");
        bench.Release();
        Assert.That(engine.WaitForExit(), Is.Zero, engine.Output);
        AssertDone(bench, attempts: 1);
    }

    [Test]
    public void JobsThatWaitedForProcessors_AreStartedOnce()
    {
        var ids = Enumerable.Range(0, Environment.ProcessorCount + 2).Select(number => $"s{number}").ToArray();
        using var bench = KilledWhileHeld(ids);
        Assert.That(bench.Ledger.Starts.Count(), Is.EqualTo(Environment.ProcessorCount), "the others wait");
        bench.Release();
        AssertDone(bench, attempts: 1);
        Assert.That(bench.Ledger.Ended(bench.LatestRun!), Is.EquivalentTo(ids));
    }

    /// <summary>Stages that wait before their third step; when as many run as the machine has processors for, the engine is killed.</summary>
    private static RunBench KilledWhileHeld(params string[] ids)
    {
        var bench = new RunBench(gate => string.Concat(ids.Select(id =>
            RunBench.Stage(id, $"steps: 4, checkpoint_every: 2, hold_at: 3, hold_until: \"{gate}\""))));
        var engine = bench.Start("run");
        var running = Math.Min(ids.Length, Environment.ProcessorCount);
        Deadline.Await(() => ids.Count(bench.IsHeld) == running, () => $"{running} held stages\n{engine.Output}");
        engine.Kill();
        return bench;
    }

    private static void AssertDone(RunBench bench, int attempts)
    {
        Assert.That(bench.Do("resume"), Is.Zero);
        Assert.That(bench.Ledger.StartedTwice, Is.Empty);
        foreach (var stage in bench.Json("status").GetProperty("stages").EnumerateArray())
            Assert.That(stage.GetProperty("attempts").GetInt32(), Is.EqualTo(attempts), stage.GetProperty("id").GetString());
    }
}
