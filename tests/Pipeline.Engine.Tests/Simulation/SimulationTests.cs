using System.Globalization;
using Pipeline.Engine.Folders;

namespace Pipeline.Engine.Tests.Simulation;

/// <summary>
/// Planner and run loop among faults. A failure names its seed: SIMULATION_SEED=n lives that story alone, SIMULATION_SEEDS=n
/// lives so many.
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
    public void Runs_AmongKillsAndLostMessages_LoseNothingAndStartNothingTwice()
    {
        int[] seeds = Number("SIMULATION_SEED") is { } one ? [one] : [.. Enumerable.Range(1, Number("SIMULATION_SEEDS") ?? 500)];
        var killed = 0;
        foreach (var seed in seeds)
        {
            var story = new SimulatedRuns(seed, _state);
            try
            {
                story.Run();
                killed += story.EnginesKilled;
            }
            catch (Exception error)
            {
                throw new AssertionException($"SIMULATION_SEED={seed}: {error.Message}\n{story.Journals}", error);
            }
        }
        TestContext.Out.WriteLine($"{seeds.Length} stories, {killed} engines killed");
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
