using System.Diagnostics;
using Pipeline.Engine.Runs;
using Pipeline.Executors.Local;

namespace Pipeline.Recovery.Tests;

/// <summary>The shim is killed at each of its named places, and the engine with it; the next engine makes the best of what it finds.</summary>
[Parallelizable(ParallelScope.Children)]
public sealed class ShimCrashPointTests
{
    [TestCaseSource(typeof(LocalCrashPoints), nameof(LocalCrashPoints.Shim))]
    public void ShimAndEngine_Killed_TheRunGoesOn(string point)
    {
        using var bench = new RunBench(RunBench.Stage("a", "steps: 6, step_ms: 20, checkpoint_every: 2"));
        var engine = bench.Start("run", crashAt: point); // the engine has no such place, but its shims inherit the wish
        Deadline.Await(() => bench.LatestRun is { } run && File.Exists(InAttempt(bench, run, "claim")), () => $"a shim\n{engine.Output}");
        engine.Kill();
        Deadline.Await(() => !bench.ShimsAlive, () => $"the shim to be killed at {point}");

        var left = string.Join(' ', new[] { "shim.json", "result.json", "exit.json" }.Where(file => File.Exists(InAttempt(bench, bench.LatestRun!, file))));
        Assert.That(left, Is.EqualTo(point switch
        {
            "shim-record-before" => "",
            "shim-record-after" or "shim-start-before" => "shim.json",
            "shim-start-after" or "shim-started-before" or "shim-started-after" => left is "shim.json result.json" ? left : "shim.json", // the stage lives on and may be done by now
            "shim-exit-before" => "shim.json result.json",
            _ => "shim.json result.json exit.json",
        }), "it died elsewhere");

        var ended = bench.Finish();
        Assert.That(ended.Phase, Is.EqualTo(RunPhase.Succeeded));
        Assert.That(bench.Ledger.StartedTwice, Is.Empty);
        // From the start of the stage on, its work is not done again.
        var attempts = point is "shim-record-after" or "shim-start-before" ? 2 : 1;
        Assert.That(ended.Stages.Single().Attempts, Has.Count.EqualTo(attempts));
    }

    [TestCaseSource(typeof(LocalCrashPoints), nameof(LocalCrashPoints.Adoption))]
    public void AdoptingShimAndEngine_Killed_TheNextShimAdopts(string point)
    {
        using var bench = new RunBench(gate => RunBench.Stage("a", $"steps: 6, hold_at: 3, hold_until: \"{gate}\""));
        var engine = bench.Start("run");
        Deadline.Await(() => bench.IsHeld("a"), () => $"the stage to be held\n{engine.Output}");
        engine.Kill();
        Process.GetProcessById(bench.Ledger.Alive.Single().Parent).Kill();
        Deadline.Await(() => !bench.ShimsAlive, () => "the first shim to die");

        var second = bench.Start("resume", crashAt: point);
        Deadline.Await(() => bench.ShimsAlive, () => $"a second shim\n{second.Output}");
        second.Kill();
        Deadline.Await(() => !bench.ShimsAlive, () => $"the second shim to be killed at {point}");

        bench.Release();
        Assert.That(bench.Finish().Phase, Is.EqualTo(RunPhase.Succeeded));
        Assert.That(bench.Ledger.Starts.Count(), Is.EqualTo(1), "the stage lived through all of it");
    }

    private static string InAttempt(RunBench bench, string run, string file) => Path.Combine(bench.State, "runs", run, "a", "attempt-1", file);
}
