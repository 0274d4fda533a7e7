using static TorchSharp.torch;

namespace Pipeline.Training.Losses;

/// <summary>The loss of pretraining and supervised fine-tuning.</summary>
public static class CrossEntropy
{
    /// <summary>Mean surprise, in nats, at the tokens to be learnt.</summary>
    /// <param name="logProbs">[batch, seq], of each token; carries gradient.</param>
    /// <param name="completionMask">[batch, seq], bool. True where a token is to be learnt.</param>
    /// <param name="stepTokens">
    /// Tokens to be learnt in the whole step. A micro-batch's loss is its share of the step's mean, so that the
    /// gradients of micro-batches add up to that of the step. Default: this is the whole step.
    /// </param>
    /// <returns>[], float32.</returns>
    public static Tensor Of(Tensor logProbs, Tensor completionMask, long? stepTokens = null) =>
        TokenMean.Of(-logProbs, completionMask, stepTokens);
}
