using Pipeline.Stages.Evaluation;
using Pipeline.Training.Models.Lora;
using static TorchSharp.torch;

namespace Pipeline.Stages.Loop;

/// <summary>How long a <see cref="TrainingLoop"/> is, and what it does now and then.</summary>
/// <param name="Steps">Optimizer steps in all.</param>
/// <param name="StepsPerCheckpoint">Unless the job says otherwise.</param>
/// <param name="Tokenizer">Digest of tokenizer and chat template; a checkpoint made with others is refused.</param>
public sealed record TrainingLoopSettings(int Steps, int StepsPerCheckpoint, string Tokenizer)
{
    /// <summary>Evaluation on held-out prompts, if there is one.</summary>
    public PassAtOne? Evaluation { get; init; }

    /// <summary>What is trained in place of the model's own weights, if that is not all of them.</summary>
    public LoraAdapter? Adapter { get; init; }

    /// <summary>Weights of a second model that changes while the first is trained, and so belongs into checkpoints.</summary>
    public IReadOnlyDictionary<string, Tensor>? Reference { get; init; }

    /// <summary>Looks at the metrics of each step, if there is something to look for.</summary>
    public IMetricsWatch? Watch { get; init; }
}
