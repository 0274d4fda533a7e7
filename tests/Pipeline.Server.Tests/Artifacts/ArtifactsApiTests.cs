using System.Text.Json.Nodes;
using Pipeline.Engine.Checkpoints;
using Pipeline.Protocol;
using Pipeline.Protocol.Jobs;
using Pipeline.Server.Tests.Samples;
using Pipeline.Spec.Resolved;

namespace Pipeline.Server.Tests.Artifacts;

public class ArtifactsApiTests
{
    [Test]
    public async Task Artifacts_OfARun_NameTheStageThatMadeThem()
    {
        var artifacts = (await Served.Get($"runs/{SampleState.Live}/artifacts")).AsArray();
        var model = artifacts.Single(artifact => (string)artifact!["instance"]! == "base")!;
        Assert.Multiple(() =>
        {
            Assert.That(((string)model["kind"]!, (long)model["parameters"]!), Is.EqualTo(("model", 279_648)));
            Assert.That((string)model["source"]!["run"]!, Is.EqualTo(SampleState.Finished));
        });
    }

    [Test]
    public async Task Dataset_IsShownWithSchemaAndFirstRows()
    {
        var dataset = (await Served.Get($"runs/{SampleState.Finished}/stages/data/outputs/prompts"))["dataset"]!;
        Assert.Multiple(() =>
        {
            Assert.That((long)dataset["count"]!, Is.EqualTo(30));
            Assert.That(dataset["rows"]!.AsArray(), Has.Count.EqualTo(20));
            Assert.That(dataset["columns"]!.AsArray().Select(column => $"{column!["name"]}: {column["type"]}"), Is.SupersetOf(new[]
            {
                "data_source: string", "prompt: list<struct<role: string, content: string>>", "reward_model: struct<style: string, ground_truth: string>",
            }));
            Assert.That((string)dataset["rows"]![1]!["prompt"]![0]!["content"]!, Is.EqualTo("1+1=?"));
            Assert.That((string)dataset["rows"]![1]!["reward_model"]!["ground_truth"]!, Is.EqualTo("2"));
        });
    }

    [Test]
    public async Task Model_IsShownWithItsConfigurationAndLineage()
    {
        var model = await Served.Get($"runs/{SampleState.Finished}/stages/r1_zero/outputs/model");
        Assert.Multiple(() =>
        {
            Assert.That((string)model["documents"]![0]!["text"]!, Does.Contain("hidden_size"));
            Assert.That(model["made_from"]!.AsArray().Select(name => $"{name!["instance"]}.{name["name"]}"),
                Is.EqualTo(new[] { "base.model", "data.prompts", "data.corpus", "data.tokenizer" }));
            Assert.That(model["used_by"]!.AsArray().Select(name => (string)name!["instance"]!), Is.EqualTo(new[] { "readable", "evaluate_r1_zero" }));
        });
    }

    [Test]
    public async Task Checkpoints_OnTheDisk_SayWhichRuleKeepsThem()
    {
        // One newest, multiples of 40, and the best of the curve, which rises: step 50 is no rule's, and 40 that of one alone.
        using var state = new SampleState(DateTimeOffset.UtcNow);
        var policy = new CheckpointPolicy(KeepLast: 1, KeepEvery: 40, KeepBest: new KeepBest("reward"));
        const string run = "20251123-210000-kept";
        var journal = new SampleJournal(state.Store, run, DateTimeOffset.UtcNow);
        journal.Submit(new ResolvedPipeline { Name = "p", File = "/p.yaml", Stages = [new ResolvedStage { Id = "rl", Instance = "rl", Uses = "command", Checkpoints = policy }] });
        journal.Start("rl");
        var folder = state.Attempt(run, "rl", 1);
        File.WriteAllLines(folder.Metrics, from step in new[] { 40, 50, 60 } select $$"""{"step":{{step}},"reward":{{step}}}""");
        foreach (var step in new[] { 40, 50, 60 })
        {
            var checkpoint = Directory.CreateDirectory(Path.Combine(folder.Checkpoints, $"step-{step:D6}")).FullName;
            WholeFile.WriteJson(Path.Combine(checkpoint, CheckpointManifest.FileName), new CheckpointManifest(Format: 1, step, Fingerprint: "", []));
        }
        await using var server = await DashboardServer.Start(state.Folder, state.Store, port: 0);
        using var client = new HttpClient { BaseAddress = server.Address };
        var found = JsonNode.Parse(await client.GetStringAsync(new Uri($"api/v1/runs/{run}/checkpoints", UriKind.Relative)))!.AsArray();
        Assert.That(found.Select(checkpoint => $"{checkpoint!["step"]}: {string.Join(", ", checkpoint["kept"]!.AsArray())}"),
            Is.EqualTo(new[] { "60: newest, best reward", "50: ", "40: every 40 steps" }));
    }

    [Test]
    public async Task Output_ThatTheStageDoesNotHave_IsNotFound() =>
        Assert.That((await Served.Refusal($"runs/{SampleState.Finished}/stages/r1_zero/outputs/..%2F..%2Fjob.json")).Status, Is.EqualTo(404));
}
