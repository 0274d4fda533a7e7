using System.Text.Json;
using Pipeline.Datasets.Parquet;
using Pipeline.Datasets.Parquet.Rows;
using Pipeline.Protocol;
using Pipeline.Protocol.Artifacts;
using Pipeline.Protocol.Options;
using Pipeline.Stages.ChatModels;
using Pipeline.Stages.Completions;
using Pipeline.Stages.Evaluation.Problems;
using Pipeline.Stages.Hosting;

namespace Pipeline.Stages.Evaluation;

/// <summary>
/// <c>evaluation</c>: k samples of each held-out prompt, graded by rules; one row of the report (DeepSeek-R1,
/// arXiv:2501.12948, section 3). See README.md in this folder.
/// </summary>
public static class EvaluationStage
{
    /// <summary>Evaluates the input <c>model</c> on the input <c>prompts</c> and writes the output <c>evaluation</c>.</summary>
    public static StageOutcome Run(StageContext stage)
    {
        var options = stage.Options<EvaluationOptions>();
        if (options.Sampling.Temperature == 0)
            stage.Events.Warn(0, "GREEDY", "The temperature is 0: greedy decoding repeats itself, and its accuracy varies from checkpoint to checkpoint. The paper samples at 0.6 (section 3).");
        var device = TorchRuntime.Open(stage.Job);
        using var model = ChatModel.Load(stage, "model", options.ChatTemplate, device);
        var problems = ProblemFile.Read(stage.Input("prompts"), options)
            .Where(problem => problem.Row.GroundTruth.Length > 0)
            .ToDictionary<Problem, PromptRow>(problem => problem.Row, ReferenceEqualityComparer.Instance);
        if (problems.Count == 0)
            throw new ConfigException(StageErrors.NothingToTrain, "No prompt has a ground truth, so no answer can be graded.");
        var prompts = PromptSet.Of([.. problems.Values.Select(problem => problem.Row)], stage.Input("prompts"), model, options.Sampling.MaxTokens, stage.Events);

        if (new ResumableSampling(stage, new CompletionSampler(model), prompts, options.Samples, options.Sampling).Run() is not { } completions)
            return StageOutcome.Interrupted;

        stage.Heartbeat.Enter("grading");
        var grades = new Grader(options).Grade([.. completions.Select(completion => (problems[completion.Prompt.Row], completion))]);
        var report = Grades.Report(options.Name ?? stage.Job.Stage, grades, options.Samples);

        stage.Heartbeat.Enter("saving");
        stage.Outputs.Write("evaluation", folder =>
        {
            Dataset.Write(Path.Combine(folder, EvaluationReport.CompletionsFile), grades.Select((grade, index) => grade.ToRow(group: index / options.Samples)));
            Dataset.Write(Path.Combine(folder, ProblemResult.FileName), ProblemResult.Of(grades, options.Samples));
            File.WriteAllText(Path.Combine(folder, EvaluationReport.FileName), JsonSerializer.Serialize(report, ProtocolJson.Indented) + "\n");
            return grades.Count;
        });
        return stage.Finish(Grades.Metrics(report));
    }
}
