using System.Text.Json;
using Pipeline.Datasets.Chat;
using Pipeline.Datasets.Ngrams;
using Pipeline.Datasets.Packing;
using Pipeline.Datasets.Parquet;
using Pipeline.Datasets.Parquet.Rows;
using Pipeline.Endpoints;
using Pipeline.Protocol;
using Pipeline.Protocol.Artifacts;
using Pipeline.Protocol.Options;
using Pipeline.Rewards;
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
    /// <summary>Samples from the input <c>model</c>, or from an endpoint, and writes the outputs <c>dataset</c> and <c>funnel</c>.</summary>
    public static StageOutcome Run(StageContext stage)
    {
        var options = stage.Options<RejectionSamplingOptions>();
        Choice.RequireModelForTheBest(stage, options);
        var device = TorchRuntime.Open(stage.Job);
        using var model = stage.OptionalInput("model") is { } folder ? ChatModel.Load(folder, device) : null;
        using var endpoint = options.Endpoint is { } settings ? new ChatEndpoint(settings) : null;
        ICompletionSource source = (model, endpoint) switch
        {
            ({ } local, null) => new CompletionSampler(local),
            (null, { } remote) => new EndpointSampler(remote),
            (null, null) => throw new ConfigException(StageErrors.OptionInvalid,
                "There is nothing to sample from: give the input model, or options.endpoint."),
            _ => throw new ConfigException(StageErrors.OptionInvalid,
                "There are two models to sample from: the input model and options.endpoint. Leave one of them out."),
        };
        var evaluation = stage.Job.InputsOf("evaluation").Count == 0 ? null
            : EvaluationNgrams.Read(stage.Inputs("evaluation"), options.DecontaminationNgram);
        var all = source.ReadPrompts(stage.Inputs("prompts"), options.Sampling.MaxTokens, stage.Events);
        var order = SeededOrder.Permutation(Seeds.Of(stage.Seed, "order"), epoch: 0, all.Count);
        var prompts = order.Take(options.Limit ?? int.MaxValue).Select(index => all[index]).ToList();

        if (new ResumableSampling(stage, source, prompts, options.Samples, options.Sampling).Run() is not { } completions)
            return StageOutcome.Interrupted;

        // Every completion is kept or dropped for one reason, and each reason is counted.
        stage.Heartbeat.Enter("grading");
        var scores = new Verifier(options.Answer, options.Code).ScoreAsync([.. completions.Select(completion => completion.Input)], CancellationToken.None)
            .AsTask().GetAwaiter().GetResult();
        var (passed, filtered) = Funnel.Of(options, evaluation).Pass([.. completions.Zip(scores, (completion, score) => new Candidate(completion, score))]);
        var (kept, surplus) = Choice.Of(stage, options, passed, device);
        var general = GeneralRows.For(stage, options, kept.Count);
        var report = new FunnelReport
        {
            Prompts = prompts.Count,
            Sampled = completions.Count,
            Steps = [.. filtered, surplus],
            Kept = kept.Count,
            PromptsKept = kept.DistinctBy(candidate => candidate.Prompt).Count(),
            General = general.Rows.Count,
            Trivial = general.Trivial,
        };
        Log.Information("Kept {Kept} of {Sampled} completions of {Prompts} prompts", kept.Count, completions.Count, prompts.Count);

        stage.Heartbeat.Enter("saving");
        stage.Outputs.Write("dataset", folder => Dataset.Write(folder, [.. kept.Select(ToRow), .. general.Rows]));
        if (stage.Outputs.Asks("funnel")) stage.Outputs.Write("funnel", folder =>
        {
            File.WriteAllText(Path.Combine(folder, FunnelReport.FileName), JsonSerializer.Serialize(report, ProtocolJson.Indented) + "\n");
            return report.Sampled;
        });
        return stage.Finish(
        [
            new("sampled", report.Sampled),
            new("kept", report.Kept),
            new("prompts_kept", report.PromptsKept),
            new("general", report.General),
            .. report.Steps.Select(step => new KeyValuePair<string, double>($"dropped/{step.Reason}", step.Dropped)),
        ]);
    }

    /// <summary>What the template had already written of the answer is part of it; the end token is the template's again.</summary>
    private static SftRow ToRow(Candidate candidate) => new(
        [.. candidate.Completion.Prompt.Row.Prompt, ChatMessage.Assistant(candidate.Text)], candidate.Completion.Prompt.Row.Language, "rejection_sampling");
}
