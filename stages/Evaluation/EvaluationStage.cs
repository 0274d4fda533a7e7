using System.Text.Json;
using Pipeline.Datasets.Parquet;
using Pipeline.Protocol;
using Pipeline.Protocol.Artifacts;
using Pipeline.Protocol.Options;
using Pipeline.Stages.ChatModels;
using Pipeline.Stages.Completions;
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
        var device = TorchRuntime.Open(stage.Job);
        using var model = ChatModel.Load(stage.Input("model"), device);
        var prompts = PromptSet.Read([stage.Input("prompts")], model, options.Sampling.MaxTokens, stage.Events, options.Limit)
            .Where(prompt => prompt.Row.GroundTruth.Length > 0).ToList();
        if (prompts.Count == 0)
            throw new ConfigException(StageErrors.NothingToTrain, "No prompt has a ground truth, so no answer can be graded.");

        if (new ResumableSampling(stage, new CompletionSampler(model), prompts, options.Samples, options.Sampling).Run() is not { } completions)
            return StageOutcome.Interrupted;

        stage.Heartbeat.Enter("grading");
        var grader = new Grader(options);
        var graded = completions.Select(grader.Grade).ToList();
        var report = Grades.Report(options.Name ?? stage.Job.Stage, graded, options.Samples);

        stage.Heartbeat.Enter("saving");
        stage.Outputs.Write("evaluation", folder =>
        {
            Dataset.Write(Path.Combine(folder, "completions.parquet"), graded.Select((grade, index) => grade.ToRow(group: index / options.Samples)));
            File.WriteAllText(Path.Combine(folder, EvaluationReport.FileName), JsonSerializer.Serialize(report, ProtocolJson.Indented) + "\n");
            return graded.Count;
        });
        return stage.Finish(Grades.Metrics(report));
    }
}
