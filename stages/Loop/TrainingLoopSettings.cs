using Pipeline.Stages.Evaluation;
using static TorchSharp.torch;

namespace Pipeline.Stages.Loop;

/// <summary>How long a <see cref="TrainingLoop"/> is, and what it does now and then.</summary>
/// <param name="Steps">Optimizer steps in all.</param>
/// <param name="StepsPerCheckpoint">Unless the job says otherwise.</param>
public sealed record TrainingLoopSettings(int Steps, int StepsPerCheckpoint)
{
    /// <summary>Evaluation on held-out prompts, if there is one.</summary>
    public PassAtOne? Evaluation { get; init; }

    /// <summary>A second model that changes while the first is trained, and so belongs into checkpoints.</summary>
    public nn.Module? Reference { get; init; }

    /// <summary>Looks at the metrics of each step, if there is something to look for.</summary>
    public IMetricsWatch? Watch { get; init; }
}
