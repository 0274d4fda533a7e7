using System.Text.Json;
using Pipeline.Engine.Runs;

namespace Pipeline.Cli.Tests;

/// <summary><c>--json</c>: facts on standard output and nothing else, whatever the command.</summary>
public sealed class JsonTests : CommandTest
{
    [Test]
    public async Task EveryCommandThatPrintsFacts_PrintsThemAsJsonAlone()
    {
        var ran = ChildProcess.Do(Bench, "run", Bench.Pipeline(), "--json");
        Assert.That(ran.ExitCode, Is.Zero, ran.Error);
        var journal = ran.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(JournalJson.Read).ToList();
        Assert.That(journal.Select(fact => fact.Sequence), Is.EqualTo(Enumerable.Range(1, journal.Count)), "the whole journal, each event once");
        Assert.That(journal[^1], Is.TypeOf<RunSucceeded>());

        var id = journal[0].Run;
        Assert.That((await Bench.CallHere("resume", id, "--json")).Out, Is.EqualTo(ran.Out), "coming back to it shows it again");
        foreach (var command in new string[][]
        {
            ["runs"], ["status", id], ["report", id], ["verify", id], ["plan", Bench.Pipeline()], ["gc", "--dry-run"], ["pin", id], ["pin", id, "--off"],
            ["export", "tensorboard", id, "--to", Path.Combine(Bench.Folder, "curves")], ["schedule", "list"], ["doctor"],
        })
        {
            var result = await Bench.CallHere(command[0], [.. command[1..], "--json"]);
            Assert.That(() => JsonDocument.Parse(result.Out), Throws.Nothing, $"{string.Join(' ', command)}: {result.Out}{result.Error}");
        }
        foreach (var command in new string[][] { ["validate", Bench.Pipeline()], ["token", "view"] })
            Assert.That(() => JsonDocument.Parse(Bench.Call([.. command, "--json"]).GetAwaiter().GetResult().Out), Throws.Nothing, command[0]);

        var deleted = (await Bench.CallHere("delete", id, "--json")).Json;
        Assert.That((deleted.GetProperty("run").GetString(), deleted.GetProperty("bytes").GetInt64() > 0), Is.EqualTo((id, true)));
    }

    [Test]
    public async Task Approve_AsJson_SaysWhatWasAnswered()
    {
        using var run = new ChildProcess(Bench, "run", Bench.Pipeline(ofSecond: "approval: { message: Promote? }"));
        ChildProcess.Await(() => run.Output.Contains("waits for approval"), "the question");
        var answer = (await Bench.CallHere("approve", "latest", "second", "--json")).Json;
        Assert.That((answer.GetProperty("stage").GetString(), answer.GetProperty("approved").GetBoolean()), Is.EqualTo(("second", true)));
        Assert.That(run.Result().ExitCode, Is.Zero);
    }
}
