namespace Pipeline.Training.Optimization;

/// <summary>The settings of <see cref="AdamW"/> that stay fixed during training.</summary>
public sealed record AdamWOptions
{
    /// <summary>Decay of the gradient's running mean. Default 0.9.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the squared gradient's running mean. Default 0.95, usual for language models; PyTorch's is 0.999.</summary>
    public double Beta2 { get; init; } = 0.95;

    /// <summary>Added to the denominator. Default 1e-8.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Share of a matrix that is taken away per step and unit of learning rate. Default 0.1; norms and biases take none.</summary>
    public double WeightDecay { get; init; } = 0.1;
}
