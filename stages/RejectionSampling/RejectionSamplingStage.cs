using Pipeline.Datasets.Chat;
using Pipeline.Datasets.Packing;
using Pipeline.Datasets.Parquet;
using Pipeline.Datasets.Parquet.Rows;
using Pipeline.Protocol.Options;
using Pipeline.Stages.ChatModels;
using Pipeline.Stages.Completions;
using Pipeline.Stages.Hosting;
using Serilog;

namespace Pipeline.Stages.RejectionSampling;

/// <summary>
/// <c>rejection_sampling</c>: samples completions and keeps the right and readable ones as rows for SFT (DeepSeek-R1,
/// arXiv:2501.12948, section 2.3.3). See README.md in this folder.
/// </summary>
public static class RejectionSamplingStage
{
    /// <summary>Samples from the input <c>model</c> and writes the output <c>dataset</c>.</summary>
    public static StageOutcome Run(StageContext stage)
    {
        var options = stage.Options<RejectionSamplingOptions>();
        var device = TorchRuntime.Open(stage.Job);
        using var model = ChatModel.Load(stage.Input("model"), device);
        var all = PromptSet.Read(stage.Inputs("prompts"), model, options.Sampling.MaxTokens, stage.Events);
        var order = SeededOrder.Permutation(Seeds.Of(stage.Seed, "order"), epoch: 0, all.Count);
        var prompts = order.Take(options.Limit ?? int.MaxValue).Select(index => all[index]).ToList();

        if (new ResumableSampling(stage, model, prompts, options.Samples, options.Sampling).Run() is not { } completions)
            return StageOutcome.Interrupted;

        // Every completion is kept or dropped for one reason, and each reason is counted.
        stage.Heartbeat.Enter("grading");
        var filter = new CompletionFilter(options);
        var verdicts = completions.Select(completion => (Completion: completion, Reason: filter.ReasonToDrop(completion))).ToList();
        var kept = verdicts.Where(verdict => verdict.Reason is null).Select(verdict => verdict.Completion).ToList();
        Log.Information("Kept {Kept} of {Sampled} completions of {Prompts} prompts", kept.Count, completions.Count, prompts.Count);

        stage.Heartbeat.Enter("saving");
        stage.Outputs.Write("dataset", folder => Dataset.Write(folder, kept.Select(ToRow)));
        return stage.Finish(
        [
            new("sampled", completions.Count),
            new("kept", kept.Count),
            .. CompletionFilter.Reasons.Select(reason =>
                new KeyValuePair<string, double>($"dropped/{reason}", verdicts.Count(verdict => verdict.Reason == reason))),
        ]);
    }

    /// <summary>What the template had already written of the answer is part of it; the end token is the template's again.</summary>
    private static SftRow ToRow(SampledCompletion completion) => new(
        [.. completion.Prompt.Row.Prompt, ChatMessage.Assistant(completion.Input.Text)], completion.Prompt.Row.Language, "rejection_sampling");
}
