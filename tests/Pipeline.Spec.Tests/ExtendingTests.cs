using Pipeline.Protocol.Jobs;
using Pipeline.Spec.Fingerprints;
using Pipeline.Spec.Resolved;

namespace Pipeline.Spec.Tests;

/// <summary>A file that changes another, and a whole graph once for each seed.</summary>
public sealed class ExtendingTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pipeline-extends-").FullName;

    private const string Base = """
        apiVersion: pipeline/v1
        kind: Pipeline
        name: whole
        params: { rate: { type: number, default: 1e-4 } }
        stages:
          data: { uses: generate_data }
          base:
            uses: pretrain
            inputs: { dataset: "${{ stages.data.outputs.corpus }}", tokenizer: "${{ stages.data.outputs.tokenizer }}" }
            with: { steps: 100, learning_rate: "${{ params.rate }}" }
          copy:
            uses: command
            run: [./copy.sh]
            inputs: { model: "${{ stages.base.outputs.model }}" }
        claims:
          - { claim: It learns, expect: [ { stage: base, metric: loss, op: "<", value: 2 } ] }
        profiles:
          tiny: { set: { stages.base.with.steps: 2, stages.copy.retry.limit: 1 } }
        """;

    [OneTimeSetUp]
    public void Write()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "ablations"));
        File.WriteAllText(Path.Combine(_folder, "whole.yaml"), Base);
    }

    [OneTimeTearDown]
    public void Remove() => Directory.Delete(_folder, recursive: true);

    private string Save(string text)
    {
        var path = Path.Combine(_folder, "ablations", "part.yaml");
        File.WriteAllText(path, $"apiVersion: pipeline/v1\nkind: Pipeline\nname: part\nextends: ../whole.yaml\n{text}");
        return path;
    }

    private static ResolvedPipeline Load(string path, Overrides? overrides = null)
    {
        var loaded = PipelineFile.Load(path, overrides);
        Assert.That(loaded.Errors, Is.Empty);
        return loaded.Pipeline!;
    }

    private ResolvedStage Stage(ResolvedPipeline pipeline, string instance) => pipeline.Stages.Single(stage => stage.Instance == instance);

    [Test]
    public void Extends_AddsSetsAndLeavesOut_AndKeepsTheRest()
    {
        var part = Load(Save("""
            without: [copy]
            set: { stages.base.with.steps: 7 }
            stages:
              more: { uses: generate_data }
            """));
        Assert.That((part.Name, part.Claims.Count), Is.EqualTo(("part", 1)));
        Assert.That(part.Stages.Select(stage => stage.Id), Is.EquivalentTo(new[] { "data", "base", "more" }));
        Assert.That((int)Stage(part, "base").Options["steps"]!, Is.EqualTo(7));
        Assert.That((double)Stage(part, "base").Options["learning_rate"]!, Is.EqualTo(1e-4));
    }

    [Test]
    public void Extends_PathsStayRelativeToTheFileTheyStandIn() =>
        Assert.That(Stage(Load(Save("description: as it was")), "copy").Command![0], Is.EqualTo(Path.Combine(_folder, "copy.sh")));

    [Test]
    public void Extends_ProfileOfTheOtherFile_ForgetsTheStagesThatAreLeftOut() =>
        Assert.That((int)Stage(Load(Save("without: [copy]"), new Overrides { Profile = "tiny" }), "base").Options["steps"]!, Is.EqualTo(2));

    [Test]
    public void Again_OfAFileThatExtends_ReadsNoFile()
    {
        var path = Save("set: { stages.base.with.steps: 7 }");
        var before = Load(path);
        File.Delete(path);
        File.WriteAllText(Path.Combine(_folder, "whole.yaml"), "gone");
        try
        {
            var again = PipelineFile.Again(before, new Overrides { Params = ["rate=1e-3"] });
            Assert.That(again.Errors, Is.Empty);
            Assert.That(StageChange.Between(before, again.Pipeline!).Single().Differences, Is.EqualTo(new[] { "with.learning_rate 1e-4 -> 0.001" }));
        }
        finally { Write(); }
    }

    [Test]
    public void Parse_TextFromElsewhere_OpensNoFile() =>
        Assert.That(
            PipelineFile.Parse("apiVersion: pipeline/v1\nkind: Pipeline\nname: a\nextends: /etc/passwd\nstages: { a: { uses: generate_data } }", "a.yaml").Errors.Single().Code,
            Is.EqualTo(SpecErrors.NotSupported));

    [Test]
    public void Strategy_OfTheFile_IsTheWholeGraphOncePerValue_AndEachStageReadsItsOwn()
    {
        var seeds = Load(Save("strategy: { matrix: { seed: [1, 2] } }"));
        Assert.That(seeds.Stages.Select(stage => stage.Instance), Is.EquivalentTo(new[]
        {
            "data[seed=1]", "data[seed=2]", "base[seed=1]", "base[seed=2]", "copy[seed=1]", "copy[seed=2]",
        }));
        Assert.That(Stage(seeds, "base[seed=2]").Inputs["dataset"].Stage, Is.EqualTo("data[seed=2]"));
        Assert.That((Stage(seeds, "base[seed=2]").Seed, Stage(seeds, "copy[seed=1]").Needs.Single()), Is.EqualTo((2, "base[seed=1]")));
        Assert.That(seeds.Claims.Single().Expectations.Single(), Is.EqualTo(new Expectation("loss", Comparison.Less, 2, [])).Using<Expectation>(
            (one, other) => (one.Metric, one.Op, one.Value) == (other.Metric, other.Op, other.Value)));
        Assert.That(seeds.Claims.Single().Expectations.Single().Cases, Is.EqualTo(new ClaimCase[] { new("base[seed=1]", null), new("base[seed=2]", null) }));
    }
}
