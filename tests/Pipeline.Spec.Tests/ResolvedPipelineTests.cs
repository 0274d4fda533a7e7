using System.Text.Json;
using Pipeline.Protocol;
using Pipeline.Spec.Graph;
using Pipeline.Spec.Resolved;

namespace Pipeline.Spec.Tests;

/// <summary>A good file, resolved.</summary>
public sealed class ResolvedPipelineTests
{
    private static readonly string Folder = Path.Combine(Golden.Folder, "Good");
    private static readonly string GoodFile = Path.Combine(Folder, "r1-small.yaml");

    internal static ResolvedPipeline Good(Overrides? overrides = null)
    {
        var loaded = PipelineFile.Load(GoodFile, overrides);
        Assert.That(loaded.Errors, Is.Empty);
        return loaded.Pipeline!;
    }

    private static ResolvedStage Stage(string id, Overrides? overrides = null) => Good(overrides).Stages.Single(stage => stage.Id == id);

    [Test]
    public void Load_GoodFile_ResolvesToThis() =>
        Golden.Matches(Path.ChangeExtension(GoodFile, ".json"), JsonSerializer.Serialize(Good() with { Text = "" }, ProtocolJson.Indented).Replace(Folder, "<folder>") + "\n");

    [Test]
    public void Load_GoodFile_SurvivesTheJournal()
    {
        var json = JsonSerializer.Serialize(Good(), ProtocolJson.Line);

        Assert.That(JsonSerializer.Serialize(JsonSerializer.Deserialize<ResolvedPipeline>(json, ProtocolJson.Line), ProtocolJson.Line), Is.EqualTo(json));
    }

    [Test]
    public void Load_StagesInAnyOrder_SortsThemAndKeepsTheFilesOrderOtherwise() =>
        // evaluate_r1 is first in the file and waits for reasoning_rl; curated and external follow it there, so it goes first.
        Assert.That(Good().Stages.Select(stage => stage.Id), Is.EqualTo(new[]
        {
            "data", "base", "cold_start", "helpfulness", "reasoning_rl", "evaluate_r1", "curated", "external",
        }));

    [Test]
    public void Load_ListOfInputs_NamesThemByIndexAndASingleOneNot()
    {
        Assert.That(Stage("cold_start").Inputs.Keys, Is.EqualTo(new[] { "model", "dataset.0", "dataset.1", "evaluate.prompts" }));
        Assert.That(Stage("reasoning_rl").Inputs.Keys, Does.Contain("prompts"));
        Assert.That(Stage("curated").Inputs.Keys, Does.Contain("prompts.0"));
    }

    [Test]
    public void Load_ArtifactAmongSettings_BecomesAnInputNamedByItsPlace()
    {
        var stage = Stage("reasoning_rl");

        Assert.That(stage.Inputs["rewards.3.reward_model.model"], Is.EqualTo(new StageInput("model", "helpfulness", "model")));
        Assert.That(stage.Options["rewards"]![3]!["reward_model"]!["model"]!.GetValue<string>(), Is.EqualTo("rewards.3.reward_model.model"));
        Assert.That(stage.Needs, Is.EqualTo(new[] { "cold_start", "helpfulness" }));
    }

    [Test]
    public void Load_NullThatMeansNone_IsNotLostToTheDefault()
    {
        // The default of rejection_sampling.format is r1-zero; `limit` is null by default and stays out.
        var options = Stage("curated").Options;

        Assert.That(options.ContainsKey("format"));
        Assert.That(options["format"], Is.Null);
        Assert.That(options.ContainsKey("limit"), Is.False);
    }

    [Test]
    public void Load_Seed_IsTheStagesThenTheParameterThenOne()
    {
        Assert.That(Stage("reasoning_rl").Seed, Is.EqualTo(3));
        Assert.That(Stage("data").Seed, Is.EqualTo(7));
        Assert.That(PipelineFile.Parse("apiVersion: pipeline/v1\nkind: Pipeline\nname: a\nstages: { a: { uses: generate_data } }", "a.yaml").Pipeline!.Stages[0].Seed, Is.EqualTo(1));
    }

    [Test]
    public void Load_Defaults_AreOverriddenSettingBySetting()
    {
        var stage = Stage("reasoning_rl");

        Assert.That(stage.Retry.Limit, Is.EqualTo(5));
        Assert.That(stage.Retry.InitialSeconds, Is.EqualTo(30));
        Assert.That(stage.Resources, Is.EqualTo(new StageResources(Cpus: 2, Gpus: 1, MemoryBytes: 2L << 30, TimeoutSeconds: 5400)));
        Assert.That(stage.Checkpoints.EverySteps, Is.EqualTo(100));
    }

    [Test]
    public void Load_ProfileThenParamThenSet_LaterWinsAndAllAreRecorded()
    {
        var overrides = new Overrides { Profile = "smoke", Params = ["kl=0.5"], Sets = ["stages.base.with.steps=9", "stages.reasoning_rl.with.rewards.1.format.weight=2"] };
        var pipeline = Good(overrides);

        Assert.That(pipeline.Stages.Single(stage => stage.Id == "reasoning_rl").Options["kl_coefficient"]!.GetValue<double>(), Is.EqualTo(0.5));
        Assert.That(pipeline.Stages.Single(stage => stage.Id == "reasoning_rl").Options["steps"]!.GetValue<int>(), Is.EqualTo(2));
        Assert.That(pipeline.Stages.Single(stage => stage.Id == "reasoning_rl").Options["rewards"]![1]!["format"]!["weight"]!.GetValue<double>(), Is.EqualTo(2));
        Assert.That(pipeline.Stages.Single(stage => stage.Id == "base").Options["steps"]!.GetValue<int>(), Is.EqualTo(9));
        Assert.That(pipeline.Overrides, Is.EqualTo(new[]
        {
            "--profile smoke", "-p kl=0.5", "--set stages.base.with.steps=9", "--set stages.reasoning_rl.with.rewards.1.format.weight=2",
        }));
    }

    [Test]
    public void Load_PathOnTheCommandLine_IsRelativeToTheWorkingDirectory()
    {
        var file = Path.GetRelativePath(Environment.CurrentDirectory, Path.Combine(Folder, "data", "prompts.jsonl"));

        Assert.That(Stage("reasoning_rl", new() { Params = [$"prompts={file}"] }).Inputs["prompts"].Path, Is.EqualTo(Path.Combine(Folder, "data", "prompts.jsonl")));
    }

    [Test]
    public void Load_FileThatIsNotThere_NamesTheNeighbour()
    {
        var path = Path.Combine(Folder, "r1_small.yaml");

        Assert.That(PipelineFile.Load(path).Errors.Single().ToString(), Is.EqualTo($"{path}: SPEC_FILE: There is no such file. Did you mean 'r1-small.yaml'?"));
    }

    [Test]
    public void Load_Folder_SaysSo() =>
        Assert.That(PipelineFile.Load(Folder).Errors.Single().Message, Does.StartWith("This is a folder"));

    [Test]
    public void ToMermaid_GoodFile_DrawsThis() => Golden.Matches(Path.ChangeExtension(GoodFile, ".mmd"), PipelineGraph.ToMermaid(Good()));

    [Test]
    public void ToText_GoodFile_ListsThis() => Golden.Matches(Path.ChangeExtension(GoodFile, ".graph.txt"), PipelineGraph.ToText(Good()));
}
