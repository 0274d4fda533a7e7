using Pipeline.Server.Tests.Samples;

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
    public async Task Output_ThatTheStageDoesNotHave_IsNotFound() =>
        Assert.That((await Served.Refusal($"runs/{SampleState.Finished}/stages/r1_zero/outputs/..%2F..%2Fjob.json")).Status, Is.EqualTo(404));
}
