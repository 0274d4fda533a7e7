using System.Diagnostics;
using System.Globalization;

namespace Pipeline.Recovery.Tests;

/// <summary>kill -9 at any moment: nothing is lost, nothing is started twice, and the outputs are those of an unbroken run.</summary>
public sealed class RandomKillTests
{
    private const int Steps = 40; // with 20 ms each, a stage takes about a second and a run more than five

    [Test]
    public void Orchestrator_KilledTwentyTimesWithLiveJobs_LosesNothingAndStartsNothingTwice()
    {
        using var bench = new RunBench(TenStages.Yaml(Steps, stepMs: 20));
        Storm(bench, seed: 1, kills => kills < 20);
    }

    /// <summary>An hour by default; tests/SOAK.md has the command.</summary>
    [Test, Category("soak")]
    public void Orchestrator_KilledForAnHour_LosesNothingAndStartsNothingTwice()
    {
        var minutes = double.Parse(Environment.GetEnvironmentVariable("SOAK_MINUTES") ?? "60", CultureInfo.InvariantCulture);
        var clock = Stopwatch.StartNew();
        using var bench = new RunBench(TenStages.Yaml(Steps, stepMs: 20));
        Storm(bench, Environment.TickCount, _ => clock.Elapsed.TotalMinutes < minutes);
    }

    [Test]
    public void ShimOrStageOrBoth_Killed_TheRunGoesOnToTheSameOutputs()
    {
        using var bench = new RunBench(TenStages.Yaml(Steps, stepMs: 20));
        var engine = bench.Start("run");
        var kills = 0;
        var deaths = new Dictionary<string, int>();
        while (kills < 9 && engine.IsAlive)
        {
            var before = bench.Ledger.Starts.Count();
            Deadline.Await(() => Victims().Any() || !engine.IsAlive, () => $"a live stage\n{engine.Output}");
            if (Victims().FirstOrDefault() is not { } victim) break;
            if (!TryKill(victim, shim: kills % 3 != 1, stage: kills % 3 != 0)) continue;
            kills++;
            deaths[victim.Instance] = deaths.GetValueOrDefault(victim.Instance) + 1;
            Deadline.Await(() => bench.Ledger.Starts.Count() > before || !engine.IsAlive, () => $"another start\n{engine.Output}");
        }

        Assert.That(engine.WaitForExit(), Is.Zero, engine.Output);
        Assert.That(kills, Is.GreaterThanOrEqualTo(6), "a test that kills nobody shows nothing");
        AssertWhole(bench, bench.LatestRun!);

        // A stage that dies three times at one step is at fault itself, says the engine, and the run fails: twice is enough.
        IEnumerable<Ledger.Line> Victims() => bench.Ledger.Alive.Where(stage => deaths.GetValueOrDefault(stage.Instance) < 2);
    }

    /// <summary>Kills the command line again and again while jobs are alive, and comes back each time.</summary>
    private static void Storm(RunBench bench, int seed, Func<int, bool> goOn)
    {
        var random = new Random(seed);
        var (kills, runs) = (0, 0);
        while (goOn(kills))
        {
            var engine = bench.Start("run");
            while (goOn(kills))
            {
                // On a busy machine it may still be starting; killed then, again and again, it would never get further.
                Deadline.Await(() => bench.Ledger.Alive.Count > 0 || !engine.IsAlive, () => $"a live job, seed {seed}\n{engine.Output}");
                if (engine.EndsWithin(TimeSpan.FromMilliseconds(random.Next(0, 1500)))) break;
                kills++;
                engine.Kill();
                engine = bench.Start("resume");
            }
            Assert.That(engine.WaitForExit(), Is.Zero, $"seed {seed}, after {kills} kills:\n{engine.Output}");
            runs++;
            AssertWhole(bench, bench.LatestRun!);
        }
        TestContext.Out.WriteLine($"{kills} kills with live jobs over {runs} runs, seed {seed}");
        Assert.That(runs, Is.GreaterThanOrEqualTo(1));
    }

    private static void AssertWhole(RunBench bench, string run)
    {
        Assert.Multiple(() =>
        {
            Assert.That(bench.Ledger.StartedTwice, Is.Empty);
            Assert.That(bench.Ledger.Ended(run), Is.EquivalentTo(TenStages.Graph.Select(stage => stage.Id)), "every stage came to its end");
            foreach (var (id, _) in TenStages.Graph)
                Assert.That(bench.OutputOf(run, id), Is.EqualTo(Unbroken.OutputOf(id)), id);
        });
    }

    private static bool TryKill(Ledger.Line victim, bool shim, bool stage)
    {
        try
        {
            var parent = victim.Parent;
            if (shim) Process.GetProcessById(parent).Kill();
            if (stage) Process.GetProcessById(victim.Pid).Kill();
            return true;
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException or NullReferenceException) { return false; } // it ended meanwhile
    }

    /// <summary>What the ten stages make if nobody disturbs them.</summary>
    private static class Unbroken
    {
        private static readonly Lazy<Dictionary<string, string>> Outputs = new(() =>
        {
            using var bench = new RunBench(TenStages.Yaml(Steps, stepMs: 0));
            var process = bench.Start("run");
            Assert.That(process.WaitForExit(), Is.Zero, process.Output);
            return TenStages.Graph.ToDictionary(stage => stage.Id, stage => bench.OutputOf(bench.LatestRun!, stage.Id));
        });

        public static string OutputOf(string id) => Outputs.Value[id];
    }
}
