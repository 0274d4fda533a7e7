using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Protocol;
using Pipeline.Protocol.Jobs;
using Pipeline.Spec.Fingerprints;
using Pipeline.Spec.Resolved;

namespace Pipeline.Spec.Tests;

public sealed class FingerprintTests
{
    private static readonly Dictionary<string, string> Digests = new() { ["model"] = "sha256:aaaaaaaaaaaa", ["dataset"] = "sha256:bbbbbbbbbbbb" };

    private static ResolvedStage Stage(string options = """{ "learning_rate": 1e-4, "epochs": 2 }""") => new()
    {
        Id = "cold_start", Instance = "cold_start", Uses = "sft",
        Options = JsonNode.Parse(options)!.AsObject(),
        Inputs = new Dictionary<string, StageInput> { ["model"] = new("model", "base", "model"), ["dataset"] = new("dataset", Path: "/data") },
    };

    private static StopCondition Entropy(double value) => new() { Metric = "entropy", Op = Comparison.Less, Value = value };

    private static IReadOnlyList<string> Difference(ResolvedStage before, ResolvedStage after, Dictionary<string, string>? digests = null) =>
        FingerprintParts.Difference(FingerprintParts.Of(before, Digests), FingerprintParts.Of(after, digests ?? Digests));

    [Test]
    public void Of_ThisStage_IsThisHashForEver() =>
        // sha256sum of {"inputs":{"dataset":"sha256:bbbbbbbbbbbb","model":"sha256:aaaaaaaaaaaa"},"kind":"sft",
        // "kind_version":1,"options":{"epochs":2,"learning_rate":1e-4},"seed":1} without the line break.
        // A change here makes every cached stage of every user run again.
        Assert.That(Fingerprint.Of(Stage(), Digests), Is.EqualTo("sha256:4920bd13e957fbfd63bebd422c08260a7fc722530dfa287ae37dccd44db8556e"));

    [TestCase("""{ "epochs": 2, "learning_rate": 1e-4 }""")]
    [TestCase("""{ "learning_rate": 0.0001, "epochs": 2.0 }""")]
    [TestCase("""{ "learning_rate": 1E-04, "epochs": 2 }""")]
    public void Of_SameNumbersWrittenOtherwise_IsEqual(string options) =>
        Assert.That(Fingerprint.Of(Stage(options), Digests), Is.EqualTo(Fingerprint.Of(Stage(), Digests)));

    [Test]
    public void Of_WhatDoesNotChangeTheResult_IsEqual()
    {
        var other = Stage() with { Id = "x", Instance = "x", Retry = new(Limit: 9), Checkpoints = new(10), Resources = new(MemoryBytes: 5, TimeoutSeconds: 7) };

        Assert.That(Fingerprint.Of(other, Digests), Is.EqualTo(Fingerprint.Of(Stage(), Digests)));
    }

    [Test]
    public void Difference_OfASetting_ReadsLikeASentence() =>
        Assert.That(Difference(Stage(), Stage("""{ "learning_rate": 5e-5, "epochs": 2 }""")), Is.EqualTo(new[] { "learning_rate 1e-4 -> 5e-5" }));

    [Test]
    public void Difference_OfEverything_NamesEachPart()
    {
        var after = Stage("""{ "learning_rate": 1e-4, "rewards": [ { "format": { "weight": 1 } } ] }""") with { Seed = 2, KindVersion = 2, Resources = new(Cpus: 2, Gpus: 1) };

        Assert.That(Difference(Stage(), after, new(Digests) { ["dataset"] = "sha256:cccccccccccc" }), Is.EquivalentTo(new[]
        {
            "kind_version 1 -> 2", "epochs 2 -> unset", "rewards.0.format.weight unset -> 1",
            "input dataset sha256:bbbbbbbb -> sha256:cccccccc", "seed 1 -> 2", "cpus unset -> 2", "gpus unset -> 1",
        }));
    }

    [Test]
    public void Difference_OfAReasonToEndEarly_IsPartOfIt() =>
        Assert.That(Difference(Stage() with { StopWhen = [Entropy(0.05)] }, Stage() with { StopWhen = [Entropy(0.1)] }),
            Is.EqualTo(new[] { "stop_when.0.value 0.05 -> 0.1" }));

    [Test]
    public void Parts_KeptAsJson_HashTheSame()
    {
        var parts = FingerprintParts.Of(Stage(), Digests);
        var kept = JsonNode.Parse(parts.Json.ToJsonString(ProtocolJson.Line))!.AsObject();

        Assert.That(FingerprintParts.Read(kept).Hash(), Is.EqualTo(parts.Hash()));
    }

    [Test]
    public void Command_WithCode_ChangesWithItsFiles()
    {
        var file = Path.Combine(Path.GetTempPath(), $"pipeline-spec-{Guid.NewGuid():N}");
        try
        {
            var stage = Stage() with { Uses = "command", Command = ["python", "train.py"], Code = [file] };
            File.WriteAllText(file, "print(1)");
            var before = FingerprintParts.Of(stage, Digests);
            File.WriteAllText(file, "print(2)");
            var after = FingerprintParts.Of(stage, Digests);

            Assert.That(Fingerprint.IsCacheable(stage));
            Assert.That(Fingerprint.IsCacheable(stage with { Code = null }), Is.False);
            Assert.That(FingerprintParts.Difference(before, after), Has.One.StartsWith("code.0 sha256:"));
        }
        finally { File.Delete(file); }
    }

    [Test]
    public void Of_StageOfAFile_SurvivesTheJournal()
    {
        var stage = ResolvedPipelineTests.Good().Stages.Single(stage => stage.Id == "reasoning_rl");
        var digests = stage.Inputs.Keys.ToDictionary(name => name, name => $"sha256:{name}");
        var read = JsonSerializer.Deserialize<ResolvedStage>(JsonSerializer.Serialize(stage, ProtocolJson.Line), ProtocolJson.Line)!;

        Assert.That(Fingerprint.Of(read, digests), Is.EqualTo(Fingerprint.Of(stage, digests)));
    }
}
