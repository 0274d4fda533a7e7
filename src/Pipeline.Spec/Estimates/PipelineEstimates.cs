using System.Text.Json;
using Pipeline.Protocol;
using Pipeline.Protocol.Options;
using Pipeline.Protocol.Stages;
using Pipeline.Spec.Resolved;

namespace Pipeline.Spec.Estimates;

/// <summary>What the stages of a pipeline will take, each from its options and from what is known of its inputs.</summary>
public sealed partial class PipelineEstimates
{
    private const double Tera = 1e12;
    private const double SecondsPerHour = 3600;
    private const int Float = 4;

    private readonly ResolvedPipeline _pipeline;
    private readonly KnownInputs _known;
    private readonly EstimateSettings _settings;
    private readonly Dictionary<string, ModelSize> _models = [];
    private List<string> _notes = [];

    private PipelineEstimates(ResolvedPipeline pipeline, KnownInputs known, EstimateSettings settings) =>
        (_pipeline, _known, _settings) = (pipeline, known, settings);

    /// <summary>The estimate of every stage, in the pipeline's order.</summary>
    public static IReadOnlyList<StageEstimate> Of(ResolvedPipeline pipeline, KnownInputs known, EstimateSettings settings)
    {
        var estimates = new PipelineEstimates(pipeline, known, settings);
        return [.. pipeline.Stages.Select(estimates.Of)];
    }

    private StageEstimate Of(ResolvedStage stage)
    {
        _notes = [];
        var estimate = new StageEstimate(stage.Instance, stage.Uses);
        var kind = StageKinds.All.FirstOrDefault(kind => kind.Name == stage.Uses);
        if (stage.Uses is StageKinds.Command or StageKinds.FetchModel or StageKinds.FetchDataset or "generate_data")
        {
            if (stage.Uses is StageKinds.FetchModel && _settings.Model is { } assumed) _models[stage.Instance] = assumed;
            return estimate with { Notes = [stage.Uses is StageKinds.Command ? "what a command takes is not known" : "trains and samples nothing"] };
        }

        var model = ModelOf(stage);
        if (model is not null && kind!.Outputs.Any(output => output.Name == "model")) _models[stage.Instance] = model;
        var work = WorkOf(stage, model);
        var options = stage.Options;
        var lora = options["lora"]?.Deserialize<LoraOptions>(ProtocolJson.Line);
        var learning = model is null ? 0 : lora is null ? model.Parameters : model.Adapter(lora);
        var memory = MemoryOf(work, model);
        var flops = Flops(work, model, lora is not null);
        var hours = GpuHours(work, model, lora is not null);
        return estimate with
        {
            Parameters = model?.Parameters,
            AdapterParameters = model is null || lora is null ? null : learning,
            Steps = work.Steps,
            TrainedTokens = work.Trained,
            SampledTokens = work.Sampled,
            Flops = flops,
            GpuHours = hours,
            Cost = hours is null || _settings.PricePerGpuHour is not { } price ? null : hours * price,
            Memory = memory,
            CheckpointBytes = kind!.Trains ? Checkpoints(stage, work.Steps, model is null ? null : 3.0 * Float * learning) : null,
            OutputBytes = model is null || kind.Outputs.All(output => output.Name != "model") ? null : new Amount((double)Float * model.Parameters),
            Notes = _notes,
        };
    }

    private static Amount? Flops(Workload work, ModelSize? model, bool adapter) => model is null ? null : Amount.Sum(
        work.Trained is null ? null : work.Trained * Arithmetic.Training(model, work.Seq, work.Checkpointing, adapter),
        Reading(work.Sampled, work.Seq, model), Reading(work.Read, work.Seq, model));

    private Amount? GpuHours(Workload work, ModelSize? model, bool adapter)
    {
        if (model is null) return null;
        var trained = Amount.Sum(work.Trained is null ? null : work.Trained * Arithmetic.Training(model, work.Seq, work.Checkpointing, adapter), Reading(work.Read, work.Seq, model));
        var sampled = Reading(work.Sampled, work.Seq, model);
        var second = _settings.DeviceTflops * Tera * SecondsPerHour;
        return Amount.Sum(trained is null ? null : trained * (1 / (second * _settings.Utilisation)), sampled is null ? null : sampled * (1 / (second * _settings.SamplingUtilisation)));
    }

    private static Amount? Reading(Amount? tokens, double seq, ModelSize model) => tokens is null ? null : tokens * Arithmetic.Forward(model, seq);

    private static MemoryParts? MemoryOf(Workload work, ModelSize? model)
    {
        if (model is null) return null;
        var parts = work.Memory?.Parts() ?? new MemoryParts(TrainingMemory.RuntimeBytes, (double)Float * model.Parameters, 0, 0, 0, 0);
        return parts with { KeyValueCache = work.Sampling.Rows * work.Sampling.Tokens * 2.0 * model.Layers * model.KeyValue * Float };
    }

    /// <summary>What the retention rules leave when the stage is done, and the one more that is there while it is written.</summary>
    private Amount? Checkpoints(ResolvedStage stage, Amount? steps, double? each)
    {
        if (each is not { } bytes) return null;
        var policy = stage.Checkpoints;
        var kept = (double)Math.Max(1, policy.KeepLast) + (policy.KeepBest?.N ?? 0);
        if (policy.KeepEvery is { } every)
        {
            if (steps is null)
            {
                _notes.Add("how many checkpoints `keep_every` keeps depends on the number of steps");
                return null;
            }
            kept += Math.Floor(steps.Value / every);
        }
        return new Amount((kept + 1) * bytes, AtMost: true); // rules may keep the same one, and short stages write fewer
    }
}
