using Pipeline.Protocol.Jobs;
using Pipeline.Spec.Graph;
using Pipeline.Spec.Resolved;

namespace Pipeline.Spec.Tests;

public sealed class MatrixTests
{
    private static ResolvedPipeline Load(string stages)
    {
        var loaded = PipelineFile.Parse($"""
            apiVersion: pipeline/v1
            kind: Pipeline
            name: a
            params:
              rates: {"{"} type: number, default: 1e-4 {"}"}
            stages:
            {stages}
            """, "a.yaml", checkPaths: false);
        Assert.That(loaded.Errors, Is.Empty);
        return loaded.Pipeline!;
    }

    private const string Train = """
              train:
                uses: command
                run: [train, "--lr=${{ matrix.lr }}"]
                strategy: { matrix: { seed: [1, 2], lr: ["${{ params.rates }}", 1e-5], include: [ { seed: 7, lr: 1 } ] }, max_parallel: 2, fail_fast: false }
                outputs: { model: model }
                with: { rate: "${{ matrix.lr }}" }
        """;

    [Test]
    public void Matrix_OfTwoNames_MakesEveryCombination_AndWhatIsIncluded()
    {
        var stages = Load(Train).Stages;
        Assert.That(stages.Select(stage => stage.Instance), Is.EqualTo(new[]
        {
            "train[seed=1,lr=1e-4]", "train[seed=1,lr=1e-5]", "train[seed=2,lr=1e-4]", "train[seed=2,lr=1e-5]", "train[seed=7,lr=1]",
        }));
        Assert.That(stages.Select(stage => stage.Id).Distinct(), Is.EqualTo(new[] { "train" }));
        Assert.That(stages.Select(stage => stage.Seed), Is.EqualTo(new long[] { 1, 1, 2, 2, 7 }), "seed is the stage's seed");
        Assert.That(stages.Select(stage => stage.Options["rate"]!.ToJsonString()).Distinct(), Is.EqualTo(new[] { "0.0001", "1E-05", "1" }));
        Assert.That(stages[0].Matrix, Has.Property("MaxParallel").EqualTo(2).And.Property("FailFast").False);
    }

    [Test]
    public void References_ToInstances_MeanOne_TheBest_OrAll()
    {
        var stages = Load(Train + """

              one:
                uses: command
                run: [x]
                inputs: { model: "${{ stages.train[lr=0.0001, seed=2].outputs.model }}" }
              best:
                uses: command
                run: [x]
                inputs: { model: "${{ stages.train.best('loss', 'min').outputs.model }}" }
              all:
                uses: command
                run: [x]
                inputs: { models: "${{ stages.train.outputs.model }}" }
              each:
                uses: command
                run: [x]
                strategy: { matrix: { seed: [1, 2] } }
                inputs: { model: "${{ stages.train[seed=matrix.seed, lr=1e-5].outputs.model }}" }
              after:
                uses: command
                run: [x]
                needs: [each]
        """).Stages.ToDictionary(stage => stage.Instance);
        Assert.That(stages["one"].Inputs["model"].Stage, Is.EqualTo("train[seed=2,lr=1e-4]"));
        Assert.That(stages["one"].Needs, Is.EqualTo(new[] { "train[seed=2,lr=1e-4]" }));
        var best = stages["best"].Inputs["model"].Best!;
        Assert.That((best.Metric, best.Mode, best.Instances.Count, stages["best"].Needs.Count), Is.EqualTo(("loss", BestMode.Min, 5, 5)));
        Assert.That(stages["all"].Inputs.Keys, Is.EqualTo(Enumerable.Range(0, 5).Select(i => $"models.{i}")));
        Assert.That(stages["each[seed=2]"].Inputs["model"].Stage, Is.EqualTo("train[seed=2,lr=1e-5]"));
        Assert.That(stages["after"].Needs, Is.EqualTo(new[] { "each[seed=1]", "each[seed=2]" }));
    }

    [Test]
    public void Graph_OfInstances_ShowsEach() =>
        Assert.That(PipelineGraph.ToMermaid(Load(Train)), Does.Contain("s_train_seed_1_lr_1e_4_[\"train[seed=1,lr=1e-4]<br/>"));
}
