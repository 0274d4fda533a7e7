using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Pipeline.Engine.Runs;

namespace Pipeline.Recovery.Tests;

/// <summary>
/// Two engines at one state folder: the one at work is stopped by SIGSTOP, as by a laptop's lid or a starved machine, the
/// other takes over, and then the first wakes up in the middle of whatever it was doing.
/// </summary>
[Parallelizable(ParallelScope.Children)]
public sealed class TwoEnginesTests
{
    [Test]
    public void Engine_StoppedAndWoken_HandsOverAndStartsNothingTwice([Range(1, 3)] int seed) => HandOver(new Random(seed), onPostgres: false);

    [Test]
    public void EngineOnPostgres_StoppedOrKilled_HandsOverAndStartsNothingTwice([Range(1, 10)] int seed) => HandOver(new Random(seed), onPostgres: true);

    /// <summary>Two hundred by default; tests/SOAK.md has the command.</summary>
    [TestCase(false), TestCase(true), Category("soak")]
    public void Engines_StoppedAndWoken200Times_HandOverAndStartNothingTwice(bool onPostgres)
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var count = int.Parse(Environment.GetEnvironmentVariable("SOAK_HANDOVERS") ?? "200", CultureInfo.InvariantCulture);
        var silences = new List<double>();
        while (silences.Count < count)
        {
            silences.Add(HandOver(random, onPostgres).TotalSeconds);
            if (silences.Count % 20 != 0 && silences.Count < count) continue;
            var sorted = silences.Order().ToList();
            TestContext.Progress.WriteLine(
                $"{count} hand-overs, {silences.Count} done on {(onPostgres ? "PostgreSQL" : "SQLite")}, no double launch; seconds without an engine: median {sorted[sorted.Count / 2]:0.0}, most {sorted[^1]:0.0}; seed {seed}");
        }
    }

    [Test]
    public void Serve_KilledBesideAnotherOnOneDatabase_LeavesItsRunsToThatOne()
    {
        using var bench = new RunBench(Four) { Database = SharedPostgres.Server.NewDatabase() };
        var (first, second) = (bench.Start("serve", null, "--port", "0"), bench.Start("serve", null, "--port", "0"));
        Deadline.Await(() => Holder(bench) is var engine && (engine == first.Id || engine == second.Id), () => $"an engine\n{first.Output}{second.Output}");
        if (Holder(bench) == second.Id) (first, second) = (second, first);
        var submitter = bench.Start("run");
        Deadline.Await(() => bench.IsHeld("a"), () => $"the first stage\n{first.Output}{submitter.Output}");
        submitter.Kill(); // it would take over as well

        var killed = Stopwatch.GetTimestamp();
        first.Kill();
        Deadline.Await(() => Holder(bench) == second.Id, () => $"the other to take over\n{second.Output}");
        TestContext.Out.WriteLine($"taken over after {Stopwatch.GetElapsedTime(killed).TotalSeconds:0.0} s");
        bench.Release();
        Deadline.Await(() => bench.Journal(bench.LatestRun!)[^1] is RunSucceeded, () => $"the run to succeed\n{second.Output}");
        AssertOnce(bench);
    }

    /// <returns>How long there was no engine at work.</returns>
    private static TimeSpan HandOver(Random random, bool onPostgres)
    {
        using var bench = new RunBench(Four)
        {
            Database = onPostgres ? SharedPostgres.Server.NewDatabase() : null,
        };
        var first = bench.Start("run");
        Deadline.Await(() => bench.LatestRun is not null, () => $"the run to begin\n{first.Output}");
        var second = bench.Start("resume");
        // Anywhere between the intent of the first attempt and the quiet watch over it.
        first.EndsWithin(TimeSpan.FromMilliseconds(random.Next(0, 600)));
        var killed = onPostgres && random.Next(3) == 0;
        if (killed) first.Kill();
        else if (onPostgres) Signal(first, "STOP"); // in the middle of anything: no transaction waits for it
        else Stop(first, bench);

        var stopped = Stopwatch.GetTimestamp();
        Deadline.Await(() => Holder(bench) == second.Id, () => $"the second to take over\n{second.Output}");
        var silence = Stopwatch.GetElapsedTime(stopped);
        if (!killed && random.Next(2) == 0) Signal(first, "CONT"); // it wakes before there is something to do, or in the middle of it
        bench.Release();
        if (random.Next(2) == 0) Deadline.Await(() => bench.Ledger.Starts.Count() > 1 || !second.IsAlive, () => $"the next stage\n{second.Output}");
        if (!killed) Signal(first, "CONT");

        Assert.That(second.WaitForExit(), Is.Zero, second.Output);
        Assert.That(first.WaitForExit(), Is.EqualTo(killed ? PipelineProcess.Killed : 0), first.Output);
        AssertOnce(bench);
        return silence;
    }

    /// <summary>The first stage is held until the hand-over is done, so that there is a run to take over; the others follow and race the sleeper.</summary>
    private static string Four(string gate)
    {
        const string work = "steps: 6, step_ms: 10, checkpoint_every: 2";
        return RunBench.Stage("a", $"{work}, hold_at: 3, hold_until: \"{gate}\"")
            + RunBench.Stage("b", work, needs: "a") + RunBench.Stage("c", work, needs: "a") + RunBench.Stage("d", work, needs: "b c");
    }

    private static void AssertOnce(RunBench bench)
    {
        Assert.That(bench.Ledger.StartedTwice, Is.Empty);
        Assert.That(bench.Ledger.Starts.Count(), Is.EqualTo(4), "one attempt a stage");
        Assert.That(bench.Ledger.Ended(bench.LatestRun!), Has.Count.EqualTo(4));
    }

    /// <summary>Stops a process, but not while it holds the journal's write lock: SQLite then keeps everybody out until it wakes.</summary>
    private static void Stop(PipelineProcess process, RunBench bench)
    {
        while (true)
        {
            Signal(process, "STOP");
            using var journal = new SqliteConnection($"Data Source={Path.Combine(bench.State, "journal.db")};Pooling=False;Default Timeout=1");
            journal.Open();
            try
            {
                using var transaction = journal.BeginTransaction(deferred: false);
                return;
            }
            catch (SqliteException) { Signal(process, "CONT"); }
        }
    }

    private static void Signal(PipelineProcess process, string signal) =>
        Process.Start("kill", [$"-{signal}", process.Id.ToString(CultureInfo.InvariantCulture)]).WaitForExit();

    private static int Holder(RunBench bench)
    {
        try
        {
            using var record = JsonDocument.Parse(File.ReadAllText(Path.Combine(bench.State, "engine.json")));
            return record.RootElement.GetProperty("pid").GetInt32();
        }
        catch (IOException) { return 0; }
    }
}
