using System.Text.Json;

namespace Pipeline.Cli.Tests.Stories;

/// <summary>One stage, several seeds, and the best of them.</summary>
public sealed class MatrixTests
{
    [Test]
    public async Task Matrix_RunsItsInstances_AndTheBestOfThemGoesOn()
    {
        using var bench = new CommandBench();
        var file = bench.Pipeline(
            "steps: 1, metrics: { score: \"${{ matrix.score }}\" }",
            more: "strategy: { matrix: { score: [0.25, 0.75, 0.5] }, max_parallel: 2 }",
            chain: "stages.first.best('score').outputs.chain");
        Assert.That((await bench.CallHere("plan", file)).Out, Does.Contain("first[score=0.75]").And.Contain("4 of 4 stages would run."));

        var run = ChildProcess.Do(bench, "run", file);
        Assert.That(run.ExitCode, Is.Zero, run.Error);
        Assert.That(run.Out, Does.Contain("first[score=0.25]: succeeded"));
        var stages = (await bench.CallHere("status", "--json")).Json.GetProperty("stages").EnumerateArray();
        Assert.That(stages.Select(stage => stage.GetProperty("id").GetString()),
            Is.EqualTo(new[] { "first[score=0.25]", "first[score=0.75]", "first[score=0.5]", "second" }));

        var job = Directory.EnumerateFiles(bench.State, "job.json", SearchOption.AllDirectories).Single(path => path.Contains("/second/"));
        var chain = JsonDocument.Parse(File.ReadAllText(job)).RootElement.GetProperty("inputs").GetProperty("chain").GetProperty("path").GetString();
        Assert.That(chain, Does.Contain("/first.score=0.75/attempt-1/"));
        Assert.That((await bench.CallHere("logs", "latest", "first[score=0.5]")).ExitCode, Is.Zero);
    }
}
