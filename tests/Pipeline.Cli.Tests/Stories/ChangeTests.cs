namespace Pipeline.Cli.Tests.Stories;

/// <summary>A run that is done again with another setting.</summary>
public sealed class ChangeTests
{
    [Test]
    public async Task Run_CanBeChangedAndResumedFromAStage_AndForked()
    {
        using var bench = new CommandBench();
        var file = bench.Pipeline();
        Assert.That(ChildProcess.Do(bench, "run", file).ExitCode, Is.Zero);
        File.Delete(file); // the run knows its pipeline

        var stale = ChildProcess.Do(bench, "resume", "latest", "--from", "second", "--set", "stages.first.with.steps=3", "--set", "stages.second.with.steps=4");
        Assert.That(stale.ExitCode, Is.Zero, stale.Error);
        Assert.That(stale.Out, Does.Contain("first: with.steps 2 -> 3").And.Contain("second: with.steps 2 -> 4").And.Contain("second: attempt 2 started"));
        Assert.That(stale.Error, Does.Contain("warning: first is kept as it was made, before this change; `--from first` makes it anew."));

        var fork = ChildProcess.Do(bench, "fork", "latest");
        Assert.That(fork.ExitCode, Is.Zero, fork.Error);
        Assert.That(fork.Out, Does.Contain("first: succeeded").And.Contain("second: succeeded"), "with its three steps, first was never made");
        Assert.That((await bench.CallHere("status")).Out, Does.Contain("forked from run"));

        var runs = (await bench.CallHere("runs", "--json")).Json.EnumerateArray().Select(run => run.GetProperty("run").GetString()!).ToList();
        ChildProcess.Do(bench, "fork", runs[0]); // takes all from the cache
        Assert.That((await bench.CallHere("delete", runs[0])).Error, Does.Contain("RUN_REFERENCED"));
        Assert.That((await bench.CallHere("delete", "latest")).ExitCode, Is.Zero);
        Assert.That((await bench.CallHere("delete", runs[1])).Out, Does.Contain($"Run {runs[1]} is deleted"));
        Assert.That(Directory.Exists(Path.Combine(bench.State, "runs", runs[1])), Is.False);
        Assert.That((await bench.CallHere("runs", "--json")).Json.GetArrayLength(), Is.EqualTo(1));

        Assert.That((await bench.CallHere("resume", "latest", "--set", "stages.first.with.steps=5")).Error, Does.Contain("With --from STAGE"));
        Assert.That((await bench.CallHere("resume", "latest", "--from", "third")).ExitCode, Is.EqualTo(4));
    }
}
