using System.ComponentModel.DataAnnotations;

namespace Pipeline.Protocol.Options;

/// <summary>Settings of AdamW (arXiv:1711.05101) and its learning-rate schedule, shared by every stage that trains.</summary>
public abstract record OptimizerOptions
{
    /// <summary>Peak learning rate. Default 1e-4.</summary>
    [Range(0.0, 1.0)] public double LearningRate { get; init; } = 1e-4;

    /// <summary>How the learning rate goes on after the warm-up. Default cosine.</summary>
    public LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Cosine;

    /// <summary>Optimizer steps over which the learning rate rises from zero. Default 0.</summary>
    [Range(0, int.MaxValue)] public int WarmupSteps { get; init; }

    /// <summary>Learning rate at the end, as a share of the peak. Default 0.1, as in the paper's cold start and distillation.</summary>
    [Range(0.0, 1.0)] public double FinalLearningRateRatio { get; init; } = 0.1;

    /// <summary>Decoupled weight decay on matrices; norms and biases have none. Default 0.</summary>
    [Range(0.0, 1.0)] public double WeightDecay { get; init; }

    /// <summary>Decay of the gradient's running mean. Default 0.9.</summary>
    [Range(0.0, 1.0)] public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the gradient's running square. Default 0.95, usual for language models.</summary>
    [Range(0.0, 1.0)] public double Beta2 { get; init; } = 0.95;

    /// <summary>Added to the root of the running square. Default 1e-8.</summary>
    [Range(0.0, 1.0)] public double Epsilon { get; init; } = 1e-8;

    /// <summary>Gradients are scaled down to this norm. Default 1; 0 leaves them as they are.</summary>
    [Range(0.0, double.MaxValue)] public double MaxGradNorm { get; init; } = 1;
}

/// <summary>Course of the learning rate after the warm-up.</summary>
public enum LearningRateSchedule
{
    /// <summary>Stays at the peak.</summary>
    Constant,

    /// <summary>Falls in a straight line to the final ratio.</summary>
    Linear,

    /// <summary>Falls as half a cosine to the final ratio (arXiv:1608.03983).</summary>
    Cosine,
}
