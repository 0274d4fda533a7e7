using System.Text.Json.Nodes;

namespace Pipeline.Spec.Tests;

/// <summary>What stands as <c>hf:</c> in the place of a path is fetched by a stage of its own.</summary>
public sealed class HubReferenceTests
{
    private const string Commit = "8faed761d45a263340a0528343f099c05c9a4323";

    private const string File = $$$"""
        apiVersion: pipeline/v1
        kind: Pipeline
        name: fetching
        params:
          base: { type: path, default: "hf:Qwen/Qwen2.5-1.5B@{{{Commit}}}" }
        stages:
          fetch_qwen2_5_1_5b: { uses: generate_data }
          one:
            uses: sft
            inputs: { model: "${{ params.base }}", dataset: "hf-dataset:some/rows@{{{Commit}}}:all/train-*.parquet" }
          two:
            uses: sft
            executor: slurm
            inputs: { model: "hf:Qwen/Qwen2.5-1.5B@{{{Commit}}}", dataset: "hf-dataset:some/rows@{{{Commit}}}" }
        """;

    [Test]
    public void Load_NamedTwice_IsFetchedOnce_UnderAFreeName()
    {
        var pipeline = Parsed(File);
        // The model once, the dataset twice: other files of it are another dataset.
        Assert.That(pipeline.Stages.Select(stage => stage.Instance), Is.EqualTo(new[]
        {
            "fetch_qwen2_5_1_5b_2", "fetch_rows", "fetch_rows_2", "fetch_qwen2_5_1_5b", "one", "two",
        }));
        Assert.That(pipeline.Stages[^1].Inputs["model"].Stage, Is.EqualTo("fetch_qwen2_5_1_5b_2"));
        Assert.That(pipeline.Stages[^1].Needs, Is.EqualTo(new[] { "fetch_qwen2_5_1_5b_2", "fetch_rows_2" }));
        Assert.That(pipeline.Stages[1].Options["files"], Is.InstanceOf<JsonArray>().With.Count.EqualTo(1));
        Assert.That(pipeline.Stages[0].Options["revision"]!.GetValue<string>(), Is.EqualTo(Commit));
    }

    [Test]
    public void Load_OfAStageOnSlurm_IsFetchedWhereTheEngineRuns() =>
        Assert.That(Parsed(File).Stages[0].Executor, Is.EqualTo(Resolved.ExecutorName.Local));

    [Test]
    public void Matrix_OfBases_NamesItsInstancesWithoutTheCommit()
    {
        var pipeline = Parsed($$$"""
            apiVersion: pipeline/v1
            kind: Pipeline
            name: students
            stages:
              student:
                uses: sft
                strategy: { matrix: { base: ["hf:Qwen/Qwen2.5-1.5B@{{{Commit}}}", "hf:Qwen/Qwen2.5-7B@{{{Commit}}}"] } }
                inputs: { model: "${{ matrix.base }}", dataset: "hf-dataset:some/rows@{{{Commit}}}" }
              next: { uses: sft, inputs: { model: "${{ stages.student[base=Qwen2.5-7B].outputs.model }}", dataset: "hf-dataset:some/rows@{{{Commit}}}" } }
            """);
        Assert.That(pipeline.Stages.Where(stage => stage.Id == "student").Select(stage => stage.Instance),
            Is.EqualTo(new[] { "student[base=Qwen2.5-1.5B]", "student[base=Qwen2.5-7B]" }));
        Assert.That(pipeline.Stages[^1].Inputs["model"].Stage, Is.EqualTo("student[base=Qwen2.5-7B]"));
    }

    [TestCase("hf:Qwen/Qwen2.5-1.5B", "all its 40 digits")]
    [TestCase("hf:Qwen/Qwen2.5-1.5B@main", "all its 40 digits")]
    [TestCase($"hf-dataset:some/rows@{Commit}", "'model' takes a model, but")]
    public void Load_NotAFixedModel_IsAnErrorAtItsPlace(string written, string told)
    {
        var loaded = PipelineFile.Parse(File.Replace("${{ params.base }}", written), "/tmp/pipeline.yaml");
        Assert.That(loaded.Errors.Single().ToString(), Does.StartWith("/tmp/pipeline.yaml:10:").And.Contain(told));
    }

    [Test]
    public void Profile_AddsStages_AndPutsThemInThePlaceOfWhatIsFetched()
    {
        const string profile = """

            profiles:
              tiny:
                stages: { data: { uses: generate_data }, base: { uses: pretrain, inputs: { dataset: "${{ stages.data.outputs.corpus }}", tokenizer: "${{ stages.data.outputs.tokenizer }}" } } }
                set:
                  stages.one.inputs: { model: "${{ stages.base.outputs.model }}", dataset: "${{ stages.data.outputs.cold_start }}" }
                  stages.two.inputs: { model: "${{ stages.one.outputs.model }}", dataset: "${{ stages.data.outputs.general }}" }
            """;
        var pipeline = Parsed(File + profile, new Overrides { Profile = "tiny" });
        Assert.That(pipeline.Stages.Select(stage => stage.Instance), Is.EqualTo(new[] { "fetch_qwen2_5_1_5b", "data", "base", "one", "two" }));
    }

    [Test]
    public void Profile_AddsAStageThatIsThere_IsAnError()
    {
        var loaded = PipelineFile.Parse(File + "\nprofiles: { tiny: { stages: { one: { uses: generate_data } } } }", "/tmp/pipeline.yaml", new Overrides { Profile = "tiny" });
        Assert.That(loaded.Errors.Single().Message, Does.Contain("a profile adds stages"));
    }

    private static Resolved.ResolvedPipeline Parsed(string text, Overrides? overrides = null)
    {
        var loaded = PipelineFile.Parse(text, "/tmp/pipeline.yaml", overrides);
        Assert.That(loaded.Errors, Is.Empty);
        return loaded.Pipeline!;
    }
}
