using Pipeline.Spec.Fingerprints;
using Pipeline.Spec.Resolved;

namespace Pipeline.Spec.Tests;

/// <summary>A resolved pipeline that is written and read again makes what it made.</summary>
public class PipelineTextTests
{
    private static readonly string s_pipelines = Path.Combine(Golden.Folder, "../../pipelines");

    private static IEnumerable<string> Files => Directory.EnumerateFiles(s_pipelines, "*.yaml").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal);

    [TestCaseSource(nameof(Files))]
    public void Of_APipelineOfOurs_MakesTheSame(string file)
    {
        var given = new[] { "r1_zero", "general", "general_prompts", "helpfulness", "safety" }; // what r1.yaml asks for
        var overrides = file == "r1.yaml" ? new Overrides { Params = [.. given.Select(name => $"{name}=/data/{name}")] } : null;
        var pipeline = Load(PipelineFile.Load(Path.Combine(s_pipelines, file), overrides, checkPaths: false));
        var written = PipelineText.Of(pipeline, pipeline.Stages.Select(stage => stage.Instance).ToHashSet(), _ => null, "Again.");
        var again = Load(PipelineFile.Parse(written, Path.Combine(s_pipelines, "again.yaml"), checkPaths: false));
        Assert.That(again.Stages.Select(stage => stage.Id), Is.EquivalentTo(pipeline.Stages.Select(stage => PipelineText.IdOf(stage.Instance))));
        foreach (var stage in pipeline.Stages.Where(stage => stage.Matrix is not null)) // they have another name now
            Assert.That(again.Stages.Single(one => one.Id == PipelineText.IdOf(stage.Instance)).Options.ToJsonString(), Is.EqualTo(stage.Options.ToJsonString()));
        if (pipeline.Stages.Any(stage => stage.Matrix is not null)) return;
        Assert.That(StageChange.Between(pipeline, again).Where(change => change.MakesOthers).SelectMany(change => change.Differences.Select(difference => $"{change.Instance}: {difference}")), Is.Empty);
    }

    [Test]
    public void Of_APartWithAMatrix_HasOneStageAnInstance_AndTheBestByName()
    {
        var pipeline = Load(PipelineFile.Parse("""
            apiVersion: pipeline/v1
            kind: Pipeline
            name: part
            stages:
              rl:
                uses: command
                strategy: { matrix: { seed: [1, 2], lr: [1.0e-4] } }
                run: [train, "--job", "${{ job.file }}"]
                outputs: { model: model }
                with: { words: ["a: b", "true", "x y"], lr: "${{ matrix.lr }}", deep: { er: [1, { two: null }] } }
              polish: { uses: command, run: [polish], inputs: { model: "${{ stages.rl.best('reward').outputs.model }}", all: ["${{ stages.rl.outputs.model }}"] }, outputs: { model: model } }
              other: { uses: command, run: [other] }
            """, "/p.yaml", checkPaths: false));
        var written = PipelineText.Of(pipeline, pipeline.Stages.Select(stage => stage.Instance).Where(instance => instance != "other").ToHashSet(), _ => "rl[seed=2,lr=1e-4]");
        var again = Load(PipelineFile.Parse(written, "/p.yaml", checkPaths: false));
        Assert.That(again.Stages.Select(stage => stage.Id), Is.EqualTo(new[] { "rl_seed_1_lr_1e_4", "rl_seed_2_lr_1e_4", "polish" }));
        Assert.That(again.Stages[2].Inputs["model"].Stage, Is.EqualTo("rl_seed_2_lr_1e_4"));
        Assert.That(again.Stages[1].Options.ToJsonString(), Is.EqualTo(pipeline.Stages[1].Options.ToJsonString()));
        Assert.That((again.Stages[1].Seed, again.Stages[1].Command), Is.EqualTo((2, pipeline.Stages[1].Command)).Using<(long, IReadOnlyList<string>)>((a, b) => a.Item1 == b.Item1 && a.Item2.SequenceEqual(b.Item2)));
    }

    private static ResolvedPipeline Load(LoadedPipeline loaded)
    {
        Assert.That(loaded.Errors.Select(error => error.ToString()), Is.Empty);
        return loaded.Pipeline!;
    }
}
