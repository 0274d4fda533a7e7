using System.ComponentModel.DataAnnotations;

namespace Pipeline.Protocol.Options;

/// <summary>
/// Settings of AdamW (arXiv:1711.05101), its learning-rate schedule, and of how gradients are computed, shared by every
/// stage that trains.
/// </summary>
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

    /// <summary>
    /// Optimizer steps in a row that may be left out because the loss or the gradient is not a finite number; one more ends
    /// the stage. Default 3: a bad row is passed over, a broken model is not trained on.
    /// </summary>
    [Range(0, int.MaxValue)] public int MaxSkippedSteps { get; init; } = 3;

    /// <summary>
    /// Numbers that the layers compute with. Default float32. With bfloat16 the weights themselves, norms, residual stream,
    /// loss, gradients of weights and optimizer stay float32; matrix products and attention take half the memory.
    /// </summary>
    public Precision Precision { get; init; } = Precision.Float32;

    /// <summary>
    /// Keeps only the input of each layer for the backward pass, which computes the layer again: much less memory for a third
    /// more time, the same gradients (arXiv:1604.06174). Default false.
    /// </summary>
    public bool ActivationCheckpointing { get; init; }
}

/// <summary>Numbers that the layers of a model compute with.</summary>
public enum Precision
{
    /// <summary>24 significant bits.</summary>
    Float32,

    /// <summary>8 significant bits and the range of float32.</summary>
    Bfloat16,
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
