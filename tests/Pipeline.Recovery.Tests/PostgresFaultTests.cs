using System.Text.RegularExpressions;
using Pipeline.Engine;
using Pipeline.Engine.Runs;
using Pipeline.Store.Tests;

namespace Pipeline.Recovery.Tests;

/// <summary>What happens to the journal's database while runs go on: it is cut off, comes back, and is gone when somebody asks.</summary>
public sealed class PostgresFaultTests
{
    private const int Outages = 5;

    [Test]
    public void Database_CutOffAgainAndAgainUnderLoad_LosesNothingAndStartsNothingTwice()
    {
        using var server = PostgresServer.ForTest();
        using var bench = new RunBench(TenStages.Yaml(steps: 40, stepMs: 20)) { Database = server.NewDatabase() };
        var engine = bench.Start("run");
        for (var outage = 1; outage <= Outages; outage++)
        {
            // Another stage has begun since the database came back: the engine is at work again when it is cut off again.
            var before = bench.Ledger.Starts.Count();
            Deadline.Await(() => bench.Ledger.Starts.Count() > before || !engine.IsAlive, () => $"a stage to begin\n{engine.Output}");
            Assert.That(engine.IsAlive, engine.Output);
            server.Stop();
            Deadline.Await(() => Count(engine, "asking again until it answers") == outage || !engine.IsAlive, () => $"the engine to notice\n{engine.Output}");
            server.Start();
            Deadline.Await(() => Count(engine, "The journal answers again") == outage || !engine.IsAlive, () => $"the engine to go on\n{engine.Output}");
        }

        Assert.That(engine.WaitForExit(), Is.Zero, engine.Output);
        Assert.That(Count(engine, "asking again"), Is.EqualTo(Outages), "said once an outage");
        Assert.That(bench.Ledger.StartedTwice, Is.Empty);
        var journal = bench.Journal(bench.LatestRun!);
        foreach (var (stage, _) in TenStages.Graph)
        {
            Assert.That(journal.OfType<AttemptIntended>().Count(fact => fact.Instance == stage), Is.EqualTo(1), stage);
            Assert.That(journal.OfType<AttemptSucceeded>().Count(fact => fact.Instance == stage), Is.EqualTo(1), stage);
        }
    }

    [Test]
    public void Database_ThatIsGone_IsNamedWithItsCode_AndTheFolderRemembersIt()
    {
        using var server = PostgresServer.ForTest();
        var database = server.NewDatabase();
        using var bench = new RunBench(RunBench.Stage("a", "steps: 2")) { Database = database };
        Assert.That(bench.Do("run"), Is.Zero);

        // Without the variable: the folder says where its journal is.
        using var forgetful = new PipelineProcess(["status", "--state", bench.State], new Dictionary<string, string>());
        Assert.That(forgetful.WaitForExit(), Is.Zero, forgetful.Output);
        Assert.That(forgetful.Output, Does.Contain("succeeded"));

        server.Stop();
        var asked = bench.Start("status");
        Assert.That(asked.WaitForExit(), Is.EqualTo(5), asked.Output);
        Assert.That(asked.Output, Does.Contain($"error {EngineErrors.JournalUnreachable}: The journal's database postgres://postgres@localhost:{server.Port}/"));
        Assert.That(File.ReadAllText(Path.Combine(bench.State, "store.json")), Does.Contain("postgres://postgres@localhost"));
    }

    private static int Count(PipelineProcess process, string said) => Regex.Count(process.Output, Regex.Escape(said));
}
