namespace Pipeline.Cli.Tests.Stories;

/// <summary>What stays on disk, and what goes.</summary>
public sealed class RetentionTests
{
    [Test]
    public async Task Gc_FreesWhatNobodyNeeds_AndLeavesPinnedRunsAndThoseThatOthersUse()
    {
        using var bench = new CommandBench();
        // The fake stage prunes nothing: a failed run leaves a checkpoint for each of its steps.
        ChildProcess.Do(bench, "run", bench.Pipeline("steps: 5, checkpoint_every: 1, fail_at: 4", more: "checkpoints: { keep_last: 1, keep_every: 2 steps }"));
        Assert.That(Checkpoints(bench), Is.EqualTo(new[] { "step-000001", "step-000002", "step-000003" }));
        var dry = await bench.CallHere("gc", "--dry-run");
        Assert.That(dry.Out, Does.Contain("step-000001").And.Contain("would be free; 1 items."));
        Assert.That(Checkpoints(bench), Has.Length.EqualTo(3));
        Assert.That((await bench.CallHere("gc")).Out, Does.Contain("are free; 1 items."));
        Assert.That(Checkpoints(bench), Is.EqualTo(new[] { "step-000002", "step-000003" }));
        Assert.That((await bench.CallHere("gc")).Out, Does.Contain("; 0 items."));
        Assert.That((await bench.CallHere("verify")).Out, Does.Contain("2 of 2 checkpoints are whole."));
        File.AppendAllText(Directory.EnumerateFiles(bench.State, "state.json", SearchOption.AllDirectories).Order().First(), " ");
        var damaged = await bench.CallHere("verify");
        Assert.That(damaged.ExitCode, Is.EqualTo(1));
        Assert.That(damaged.Error, Does.Contain("first, checkpoint at step 2: state.json has"));

        var maker = Run(bench);
        var taker = Run(bench); // takes everything from the first
        await bench.CallHere("pin", taker);
        Assert.That((await bench.CallHere("delete", taker)).Error, Does.Contain("is pinned"));
        await bench.CallHere("gc", "--runs-older-than", "0");
        Assert.That(await Runs(bench), Is.EqualTo(new[] { taker, maker }), "the failed run is gone, the maker serves the pinned run");

        await bench.CallHere("pin", taker, "--off");
        await bench.CallHere("gc", "--runs-older-than", "0");
        Assert.That(await Runs(bench), Is.Empty);
        Assert.That(Directory.EnumerateDirectories(Path.Combine(bench.State, "runs")), Is.Empty);
    }

    private static string Run(CommandBench bench)
    {
        var run = ChildProcess.Do(bench, "run", bench.Pipeline());
        Assert.That(run.ExitCode, Is.Zero, run.Error);
        return run.Out.Split(' ')[1];
    }

    private static async Task<IEnumerable<string?>> Runs(CommandBench bench) =>
        (await bench.CallHere("runs", "--json")).Json.EnumerateArray().Select(run => run.GetProperty("run").GetString());

    private static string[] Checkpoints(CommandBench bench) =>
        [.. Directory.EnumerateDirectories(bench.State, "step-*", SearchOption.AllDirectories).Select(path => Path.GetFileName(path)).Order()];
}
