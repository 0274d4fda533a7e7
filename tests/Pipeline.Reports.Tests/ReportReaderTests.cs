using Pipeline.Engine.Runs;
using Pipeline.Protocol.Artifacts;

namespace Pipeline.Reports.Tests;

public sealed class ReportReaderTests
{
    [Test]
    public void Read_FinishedRun_HasARowPerModelInTheOrderOfThePipeline()
    {
        using var run = SampleRun.Quickstart();
        var report = run.Read();

        Assert.That(report.Models.Select(model => model.Name), Is.EqualTo(new[] { "base", "R1-Zero", "Dev1", "Dev2", "Dev3", "R1", "student 1/2", "student 1/4" }));
        Assert.That(report.RewardModels.Select(row => (row.Stage, row.N, row.Accuracy)), Is.EqualTo(new[]
        {
            ("helpfulness", (long?)201, new Estimate(0.914, 0.868, 0.947)), ("safety", 198, new Estimate(0.955, 0.917, 0.979)),
        }));
        Assert.That(report.Curves.Select(curve => (curve.Stage, curve.Model, curve.Reward.Count, curve.Reflection.Count)),
            Is.EqualTo(new[] { ("r1_zero", "R1-Zero", 100, 100), ("reasoning_rl", "Dev2", 100, 100), ("r1", "R1", 60, 60) }));
        Assert.That(report.Notes, Is.Empty);
    }

    [Test]
    public void Read_ModelsOnTheSamePrompts_AreComparedWithTheOneBefore()
    {
        // Of six prompts b is right on five more than a, and equal on one: 5/6, and 2 of 2^5 assignments of signs are as large. c was asked others.
        EvaluationReport Model(string name, string prompts, params double[] right) =>
            SampleRun.Evaluation(name, 0.5) with { ProblemIds = [.. prompts.Select(prompt => $"{prompt}")], PerPrompt = right };
        using var run = new SampleRun().With("a", "evaluation").With("b", "evaluation").With("c", "evaluation").Submit()
            .Evaluate("a", Model("a", "uvwxyz", 0, 0, 0, 0, 0, 0.5)).Evaluate("b", Model("b", "zyxwvu", 0.5, 1, 1, 1, 1, 1)).Evaluate("c", Model("c", "q", 1));
        var row = run.Read().Comparisons.Single();

        Assert.That((row.Model, row.Against, row.Comparison.Count), Is.EqualTo(("b", "a", 6)));
        Assert.That(row.Comparison.Difference, Is.EqualTo(5 / 6.0).Within(1e-12));
        Assert.That(row.Comparison.PValue, Is.EqualTo(2 / 32.0));
    }

    [Test]
    public void Read_FailedRun_HasTheRowsThereAre()
    {
        using var run = new SampleRun().With("evaluate_base", "evaluation").With("sft", "sft").With("evaluate_sft", "evaluation", "sft").Submit()
            .Evaluate("evaluate_base", SampleRun.Evaluation("base", 0.3))
            .Begin("sft").Fail("sft", 1, "The loss is \u001b[31mNaN.", retry: false)
            .Add(new RunFailed { Failed = ["sft"] });
        var report = run.Read();

        Assert.That(report.State, Is.EqualTo(RunPhase.Failed));
        Assert.That(report.Models.Select(model => model.Name), Is.EqualTo(new[] { "base" }));
        Assert.That(report.Stages.Select(row => (row.Stage, row.State)), Is.EqualTo(new[]
        {
            ("evaluate_base", StagePhase.Succeeded), ("sft", StagePhase.Failed), ("evaluate_sft", StagePhase.Blocked),
        }));
        Assert.That(report.Notes, Is.EqualTo(new[] { "Stage sft failed: The loss is \uFFFD[31mNaN." }));
    }

    [Test]
    public void Read_Work_IsTheStagesOwnCountOrElseTheTimeOfItsAttempts()
    {
        // Events are a second apart: intended 1, started 2, failed 3, so the attempt ran for one second.
        using var run = new SampleRun().With("a", "sft").With("b", "sft").Submit()
            .Begin("a").Fail("a", 1, "x", retry: false)
            .Begin("b").Succeed("b", seconds: 12.5, tokens: 77);
        var stages = run.Read().Stages;

        Assert.That(stages.Select(row => (row.Seconds, row.Tokens, row.Attempts)), Is.EqualTo(new[] { ((double?)1.0, (long?)null, 1), (12.5, 77, 1) }));
    }

    [Test]
    public void Read_CachedStage_CountsTheWorkOfTheRunThatDidIt()
    {
        using var run = new SampleRun().With("base", "pretrain").Submit();
        const string earlier = "20251122-100000-wxyz";
        var folder = run.Folder.Attempt(new(earlier, "base", 2));
        Directory.CreateDirectory(folder.Path);
        File.WriteAllText(folder.Result, """{"protocol":1,"token":"t","seconds":99,"tokens":5}""");
        run.Add(new StageCached
        {
            Stage = "base", Instance = "base", Fingerprint = "f", SourceRun = earlier, SourceInstance = "base", SourceAttempt = 2, Outputs = new Dictionary<string, StageOutput>(),
        });

        Assert.That(run.Read().Stages.Single(), Is.EqualTo(new StageRow("base", "pretrain", StagePhase.Cached, 0, 99, 5)));
    }

    [Test]
    public void Read_TornEvaluation_CostsItsRowAndIsTold()
    {
        using var run = new SampleRun().With("evaluate_a", "evaluation").With("evaluate_b", "evaluation").Submit()
            .Evaluate("evaluate_a", SampleRun.Evaluation("a", 0.5))
            .Evaluate("evaluate_b", SampleRun.Evaluation("b", 0.5));
        File.WriteAllText(Path.Combine(run.Attempt("evaluate_a", 1).Outputs, "evaluation", EvaluationReport.FileName), "{\"name\":");
        var report = run.Read();

        Assert.That(report.Models.Select(model => model.Name), Is.EqualTo(new[] { "b" }));
        Assert.That(report.Notes, Has.One.StartsWith("The evaluation of evaluate_a cannot be read:"));
    }

    [Test]
    public void Read_TornFunnel_CostsItsTableAndIsTold()
    {
        using var run = new SampleRun().With("curated", "rejection_sampling").Submit().Begin("curated").Succeed("curated", funnel: SampleRun.Funnel());
        Assert.That(run.Read().Funnels.Single().Funnel.Steps, Has.Count.EqualTo(4));
        File.WriteAllText(Path.Combine(run.Attempt("curated", 1).Outputs, "funnel", FunnelReport.FileName), "{");
        var report = run.Read();

        Assert.That(report.Funnels, Is.Empty);
        Assert.That(report.Notes, Has.One.StartsWith("The funnel of curated cannot be read:"));
    }

    [Test]
    public void Read_CurveOfAResumedStage_LeavesOutWhatWasSuperseded()
    {
        // Attempt 1 logged steps 1 to 5 and was killed; attempt 2 went on from the checkpoint of step 3.
        using var run = new SampleRun().With("rl", "grpo").Submit()
            .Begin("rl").Fail("rl", 1, "killed", retry: true)
            .Begin("rl", 2, resumeFrom: "/x/checkpoints/step-000003").Succeed("rl", 2);
        run.Metrics("rl", 1, [.. Enumerable.Range(1, 5).Select(step => $$"""{"step":{{step}},"reward":1}"""), "{\"step\":6,\"rew"]);
        run.Metrics("rl", 2, """{"step":4,"reward":2,"note":"text"}""");

        // Step 5 of attempt 1 is gone although attempt 2 ended before it; the torn line never counted.
        Assert.That(run.Read().Curves.Single().Reward, Is.EqualTo(new CurvePoint[] { new(1, 1), new(2, 1), new(3, 1), new(4, 2) }));
    }

    [Test]
    public void Read_CurveOfAStageStartedAfresh_IsThatOfTheLastAttempt()
    {
        using var run = new SampleRun().With("rl", "grpo").Submit()
            .Begin("rl").Fail("rl", 1, "killed", retry: true).Begin("rl", 2);
        run.Metrics("rl", 1, """{"step":1,"reward":1}""", """{"step":2,"reward":"NaN"}""");
        run.Metrics("rl", 2, """{"step":1,"reward":5}""");

        Assert.That(run.Read().Curves.Single().Reward, Is.EqualTo(new CurvePoint[] { new(1, 5) }));
    }
}
