using System.Text.Json;
using Pipeline.Protocol;
using Pipeline.Protocol.Options;
using Pipeline.Spec.Resolved;

namespace Pipeline.Spec.Estimates;

// What each kind of stage does with its model.
public sealed partial class PipelineEstimates
{
    private Workload WorkOf(ResolvedStage stage, ModelSize? model) => stage.Uses switch
    {
        "pretrain" => Pretrain(stage.Options.Deserialize<PretrainOptions>(ProtocolJson.Line)!, model),
        "sft" => Sft(stage, stage.Options.Deserialize<SftOptions>(ProtocolJson.Line)!, model),
        "distillation" => Sft(stage, stage.Options.Deserialize<DistillationOptions>(ProtocolJson.Line)!, model),
        "dpo" => Dpo(stage, stage.Options.Deserialize<DpoOptions>(ProtocolJson.Line)!, model),
        "reward_model" => RewardModel(stage, stage.Options.Deserialize<RewardModelOptions>(ProtocolJson.Line)!, model),
        "grpo" => Grpo(stage, stage.Options.Deserialize<GrpoOptions>(ProtocolJson.Line)!, model),
        "rejection_sampling" => Sampled(stage, stage.Options.Deserialize<RejectionSamplingOptions>(ProtocolJson.Line)! is var o ? (o.Samples, o.Limit, o.Sampling) : default),
        "evaluation" => Sampled(stage, stage.Options.Deserialize<EvaluationOptions>(ProtocolJson.Line)! is var o ? (o.Samples, o.Limit, o.Sampling) : default),
        _ => new Workload(),
    };

    private static Workload Pretrain(PretrainOptions options, ModelSize? model) => new()
    {
        Steps = new Amount(options.Steps),
        Trained = new Amount((double)options.Steps * options.BatchSize * options.SequenceLength),
        Sampled = Workload.None, Read = Workload.None, Seq = options.SequenceLength,
        Checkpointing = options.ActivationCheckpointing,
        Memory = Memory(model, options, null, options.BatchSize, options.SequenceLength),
    };

    private Workload Sft(ResolvedStage stage, SftOptions options, ModelSize? model)
    {
        var (rows, mean) = Rows(stage, "dataset");
        var all = rows is null ? null : rows * options.Epochs;
        var steps = Amount.Least(all is null ? null : all with { Value = Math.Ceiling(all.Value / options.BatchSize) }, options.MaxSteps is { } most ? new Amount(most) : null);
        var seen = Amount.Least(all, options.MaxSteps is { } limit ? new Amount((double)limit * options.BatchSize) : null);
        if (options is DistillationOptions { Logits: not null }) _notes.Add("the teacher's share is not counted");
        return new Workload
        {
            Steps = steps, Trained = Tokens(seen, mean, options.MaxLength), Sampled = Workload.None, Read = Workload.None,
            Seq = mean ?? options.MaxLength, Checkpointing = options.ActivationCheckpointing,
            Memory = Memory(model, options, options.Lora, Math.Min(options.MicroBatchSize, options.BatchSize), options.MaxLength),
        };
    }

    private Workload Dpo(ResolvedStage stage, DpoOptions options, ModelSize? model)
    {
        var (rows, mean) = Rows(stage, "dataset");
        var training = rows is null ? null : rows * (1 - options.HeldOut);
        var seen = training is null ? null : training * options.Epochs;
        return new Workload
        {
            Steps = seen is null ? null : seen with { Value = Math.Ceiling(seen.Value / options.BatchSize) },
            Trained = Tokens(seen is null ? null : seen * 2, mean, options.MaxLength),
            Read = Tokens(rows is null ? null : rows * 2, mean, options.MaxLength), // the policy as it begins says once what it thinks of each
            Sampled = Workload.None, Seq = mean ?? options.MaxLength, Checkpointing = options.ActivationCheckpointing,
            Memory = Memory(model, options, options.Lora, 2L * Math.Min(options.MicroBatchSize, options.BatchSize), options.MaxLength),
        };
    }

    private Workload RewardModel(ResolvedStage stage, RewardModelOptions options, ModelSize? model)
    {
        var (rows, mean) = Rows(stage, "dataset");
        var sides = options.Objective == RewardObjective.Pairwise ? 2 : 1;
        var seen = rows is null ? null : rows * ((1 - options.HeldOut) * options.Epochs);
        return new Workload
        {
            Steps = seen is null ? null : seen with { Value = Math.Ceiling(seen.Value / options.BatchSize) },
            Trained = Tokens(seen is null ? null : seen * sides, mean, options.MaxLength),
            Read = Tokens(rows is null ? null : rows * (options.HeldOut * sides), mean, options.MaxLength),
            Sampled = Workload.None, Seq = mean ?? options.MaxLength, Checkpointing = options.ActivationCheckpointing,
            Memory = Memory(model, options, options.Lora, (long)sides * options.BatchSize, options.MaxLength),
        };
    }

    private Workload Grpo(ResolvedStage stage, GrpoOptions options, ModelSize? model)
    {
        var prompt = Rows(stage, "prompts").MeanTokens;
        if (prompt is null) _notes.Add("the length of the prompts is not known: completions alone are counted");
        var completions = (double)options.Steps * options.PromptsPerStep * options.GroupSize;
        var each = options.Sampling.MaxTokens + (prompt ?? 0);
        if (options.DynamicSampling is { } dynamic) _notes.Add($"dynamic sampling may sample up to {1 + dynamic.MaxRounds} times as much; once is counted");
        if (options.Rewards.Any(term => term.RewardModel is not null)) _notes.Add("the models that reward are not counted");
        if (options.Evaluate is not null) _notes.Add("evaluation while training is not counted");
        var tokens = new Amount(completions * each, AtMost: true);
        return new Workload
        {
            Steps = new Amount((double)options.Steps * options.MiniBatches * options.InnerEpochs),
            Sampled = tokens, Read = options.KlCoefficient > 0 ? tokens : Workload.None, Trained = tokens * options.InnerEpochs, Seq = each,
            Checkpointing = options.ActivationCheckpointing,
            Sampling = (Math.Min(options.Sampling.BatchSize, (long)options.PromptsPerStep * options.GroupSize), (long)each),
            Memory = Memory(model, options, options.Lora, Math.Min(options.MicroBatchSize, (long)options.PromptsPerStep * options.GroupSize), (long)each) is { } memory
                ? memory with { FrozenCopies = options.KlCoefficient > 0 && options.Lora is null ? 1 : 0 } : null,
        };
    }

    private Workload Sampled(ResolvedStage stage, (int Samples, int? Limit, SamplingOptions Sampling) options)
    {
        var (rows, mean) = Rows(stage, "prompts");
        var prompts = Amount.Least(rows, options.Limit is { } limit ? new Amount(limit) : null);
        if (mean is null) _notes.Add("the length of the prompts is not known: completions alone are counted");
        var each = options.Sampling.MaxTokens + (mean ?? 0);
        return new Workload
        {
            Trained = Workload.None, Read = Workload.None, Seq = each,
            Sampled = prompts is null ? null : new Amount(prompts.Value * options.Samples * each, AtMost: true),
            Sampling = (options.Sampling.BatchSize, (long)each),
        };
    }

    /// <summary>Rows times their length; where the length is not known, the longest that the stage takes.</summary>
    private Amount? Tokens(Amount? rows, double? mean, int longest)
    {
        if (rows is null) return null;
        if (mean is null) _notes.Add($"the length of the rows is not known: at most {longest} tokens each (max_length)");
        return mean is { } known ? rows * Math.Min(known, longest) : new Amount(rows.Value * longest, AtMost: true);
    }

    private static TrainingMemory? Memory(ModelSize? model, OptimizerOptions options, LoraOptions? lora, long rows, long seq) => model is null ? null : new TrainingMemory(model, rows, seq)
    {
        Checkpointing = options.ActivationCheckpointing,
        Adapter = lora is null ? 0 : model.Adapter(lora),
        ComputeBytes = options.Precision == Precision.Bfloat16 ? 2 : Float,
    };
}
