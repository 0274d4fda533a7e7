using static TorchSharp.torch;

namespace Pipeline.Training.Models;

/// <summary>How a model that was trained on short rows turns the positions of longer ones; <c>rope_scaling</c> in config.json.</summary>
public abstract record RopeScaling
{
    private RopeScaling() { }

    /// <param name="frequencies">[headDim / 2], float32: radians a position, without scaling.</param>
    /// <returns>As <paramref name="frequencies"/>.</returns>
    internal abstract Tensor Scale(Tensor frequencies);

    private static void Positive(double value, string name)
    {
        if (!(value > 0)) throw new TrainingException(TrainingErrors.BadConfig, $"Model configuration: rope_scaling's {name} is {value}; it must be positive.");
    }

    /// <exception cref="TrainingException">A value cannot be.</exception>
    internal abstract void Validate();

    /// <summary><c>linear</c>: positions are divided by a factor (Chen et al., arXiv:2306.15595).</summary>
    /// <param name="Factor">How many times longer rows become.</param>
    public sealed record Linear(double Factor) : RopeScaling
    {
        internal override Tensor Scale(Tensor frequencies) => frequencies / Factor;

        internal override void Validate() => Positive(Factor, "factor");
    }

    /// <summary>
    /// <c>llama3</c>: slow turns, of which a row of the original length did not hold one, are slowed by the factor; fast ones
    /// stay; between them the two are blended (Llama 3.1, arXiv:2407.21783).
    /// </summary>
    /// <param name="Factor">How much the slow turns are slowed.</param>
    /// <param name="LowFrequency">A turn that a row of the original length holds at most so often is slow.</param>
    /// <param name="HighFrequency">One that it holds at least so often is fast.</param>
    /// <param name="OriginalPositions">The length that the model was first trained on, in tokens.</param>
    public sealed record Llama3(double Factor, double LowFrequency, double HighFrequency, int OriginalPositions) : RopeScaling
    {
        internal override Tensor Scale(Tensor frequencies)
        {
            using var scope = NewDisposeScope();
            var turns = frequencies * (OriginalPositions / (2 * Math.PI));                         // in a row of the original length
            var kept = ((turns - LowFrequency) / (HighFrequency - LowFrequency)).clamp(0, 1);
            return (kept * frequencies + (1 - kept) * frequencies / Factor).MoveToOuterDisposeScope();
        }

        internal override void Validate()
        {
            Positive(Factor, "factor");
            Positive(LowFrequency, "low_freq_factor");
            Positive(HighFrequency - LowFrequency, "high_freq_factor less low_freq_factor");
            Positive(OriginalPositions, "original_max_position_embeddings");
        }
    }
}
