using System.Globalization;
using Pipeline.Engine.Folders;

namespace Pipeline.Engine.Tests.Simulation;

/// <summary>
/// Planner and run loop among faults. A failure names its seed: SIMULATION_SEED=n lives that story alone, SIMULATION_SEEDS=n
/// lives so many. The command of the ten thousand is in tests/SOAK.md.
/// </summary>
public class SimulationTests
{
    private string _path = "";
    private StateFolder _state = null!;

    [SetUp]
    public void MakeStateFolder()
    {
        _path = Path.Combine(Path.GetTempPath(), $"pipeline-simulation-{Guid.NewGuid():N}");
        _state = StateFolder.Open(_path);
    }

    [TearDown]
    public void RemoveStateFolder() => Directory.Delete(_path, recursive: true);

    [Test]
    public void Runs_AmongKillsAndLostMessages_LoseNothingAndStartNothingTwice() =>
        Live(Number("SIMULATION_SEED") is { } one ? [one] : Enumerable.Range(1, Number("SIMULATION_SEEDS") ?? 500));

    [Test, Category("soak")]
    public void Runs_OfTenThousandSeeds_LoseNothingAndStartNothingTwice() => Live(Enumerable.Range(1, Number("SIMULATION_SEEDS") ?? 10_000));

    private void Live(IEnumerable<int> seeds)
    {
        var (stories, killed, late, promised, succeeded) = (0, 0, 0, 0, 0);
        foreach (var seed in seeds)
        {
            var story = new SimulatedRuns(seed, _state);
            try
            {
                story.Run();
                stories++;
                killed += story.EnginesKilled;
                late += story.LateReports;
                promised += story.Promised;
                succeeded += story.Succeeded;
            }
            catch (Exception error)
            {
                throw new AssertionException($"SIMULATION_SEED={seed}: {error.Message}\n{story.Journals}", error);
            }
        }
        TestContext.Out.WriteLine($"{stories} stories, {killed} engines killed, {late} late reports, {succeeded} runs succeeded of {promised} promised");
        if (stories < 100) return; // a single seed is being replayed
        // Chaos that prevents everything, or does nothing, shows nothing.
        Assert.That(succeeded, Is.GreaterThanOrEqualTo(0.95 * promised));
        Assert.That(promised, Is.GreaterThanOrEqualTo(stories), "half of the runs, of which a story has two");
        Assert.That(killed, Is.GreaterThanOrEqualTo(stories), "an engine a story");
        Assert.That(late, Is.GreaterThanOrEqualTo(stories / 10));
    }

    [Test]
    public void Story_OfOneSeed_IsTheSameEachTime()
    {
        var first = new SimulatedRuns(7, _state).Run();
        var second = new SimulatedRuns(7, _state).Run();
        Assert.That(second, Is.EqualTo(first));
    }

    private static int? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
