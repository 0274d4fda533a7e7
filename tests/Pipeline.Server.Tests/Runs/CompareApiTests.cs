using System.Text.Json.Nodes;
using Pipeline.Engine.Runs;
using Pipeline.Server.Comparing;
using Pipeline.Server.Runs;
using Pipeline.Server.Tests.Samples;
using Pipeline.Spec.Resolved;

namespace Pipeline.Server.Tests.Runs;

public class CompareApiTests
{
    [Test]
    public async Task Compare_RunsOfTheSameFile_DifferInNothing() =>
        Assert.That((await Served.Get($"compare?names={SampleState.Finished},{SampleState.Failed}"))["differences"]!.AsArray(), Is.Empty);

    [Test]
    public void Compare_AnotherSeedAndOption_NamesBoth()
    {
        var pipeline = SampleState.Pipeline;
        var tuned = pipeline with { Stages = [.. pipeline.Stages.Select(stage => stage.Instance switch
        {
            "base" => stage with { Options = With(stage.Options, "steps", 300) },
            "r1_zero" => stage with { Seed = 7 },
            _ => stage,
        })] };
        var comparison = RunComparison.Of([History(pipeline), History(tuned)], DateTimeOffset.UnixEpoch);
        Assert.That(comparison.Differences.Select(one => $"{one.Instance} {one.Setting} {one.Values[0]} {one.Values[1]}"),
            Is.EqualTo(new[] { "base steps 500 300", "r1_zero seed 1 7" }));
    }

    [Test]
    public async Task Compare_Models_AreBesideOneAnother()
    {
        var models = (await Served.Get($"compare?names={SampleState.Finished},{SampleState.Live}"))["models"]!.AsArray();
        Assert.Multiple(() =>
        {
            Assert.That((double)models[0]!["results"]![1]!["value"]!, Is.EqualTo(0.241)); // base, in both
            Assert.That(models[1]!["results"]![1], Is.Null); // R1-Zero, which the second has not judged yet
        });
    }

    [TestCase("", 400)]
    [TestCase(SampleState.Live, 400)]
    [TestCase(SampleState.Live + ",nope", 404)]
    public async Task Compare_TooFewOrUnknown_IsRefused(string names, int status) =>
        Assert.That((await Served.Refusal($"compare?names={names}")).Status, Is.EqualTo(status));

    private static RunHistory History(ResolvedPipeline pipeline) => RunHistory.Fold(null,
        [new RunSubmitted { Run = "run", Sequence = 1, Pipeline = pipeline, Program = new StageProgram([], "") }])!;

    private static JsonObject With(JsonObject options, string name, int value)
    {
        var changed = (JsonObject)options.DeepClone();
        changed[name] = value;
        return changed;
    }
}
