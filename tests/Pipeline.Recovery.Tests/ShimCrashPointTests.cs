using Pipeline.Executors.Local;

namespace Pipeline.Recovery.Tests;

/// <summary>The shim is killed at each of its named places, and the engine with it; the next engine makes the best of what it finds.</summary>
[Parallelizable(ParallelScope.Children)]
public sealed class ShimCrashPointTests
{
    [TestCaseSource(typeof(Shim), nameof(Shim.CrashPoints))]
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
            "shim-start-after" => left is "shim.json result.json" ? left : "shim.json", // the stage lives on and may be done by now
            "shim-exit-before" => "shim.json result.json",
            _ => "shim.json result.json exit.json",
        }), "it died elsewhere");

        var next = bench.Start("resume");
        Assert.That(next.WaitForExit(), Is.Zero, next.Output);
        Assert.That(bench.Ledger.StartedTwice, Is.Empty);
        // From the start of the stage on, its work is not done again.
        var attempts = point is "shim-record-after" or "shim-start-before" ? 2 : 1;
        Assert.That(bench.Json("status").GetProperty("stages")[0].GetProperty("attempts").GetInt32(), Is.EqualTo(attempts));
    }

    private static string InAttempt(RunBench bench, string run, string file) => Path.Combine(bench.State, "runs", run, "a", "attempt-1", file);
}
