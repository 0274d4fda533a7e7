using Pipeline.Datasets.Packing;
using Pipeline.Training.Losses;
using Pipeline.Training.Models;
using static TorchSharp.torch;

namespace Pipeline.Stages.Loop;

/// <summary>Cross-entropy of a language model on examples, with its backward pass.</summary>
public static class LanguageLoss
{
    /// <summary>
    /// Adds the gradient of one micro-batch, as its share of the mean over the step's tokens: whatever the size of the
    /// micro-batches, the gradients add up to that of the step.
    /// </summary>
    /// <param name="model">What learns.</param>
    /// <param name="rows">The micro-batch: rows of one example each, or of several laid end to end.</param>
    /// <param name="stepTokens">Tokens to be learnt in the whole step.</param>
    /// <param name="device">Where the model lives.</param>
    /// <returns>The micro-batch's share of the step's mean loss, and of the mean entropy of the predictions, in nats.</returns>
    public static (double Loss, double Entropy) Backward(
        LanguageModel model, IReadOnlyList<IReadOnlyList<TokenExample>> rows, long stepTokens, Device device)
    {
        using var scope = NewDisposeScope();
        var batch = ShiftedBatch.Of(rows, device);
        var hiddenStates = model.HiddenStates(batch.Inputs, batch.Documents);
        var (logProbs, entropy) = ChunkedTokenLogProbs.Of(hiddenStates, model.OutputWeight, batch.Targets, batch.Mask);
        var loss = CrossEntropy.Of(logProbs, batch.Mask, stepTokens);
        loss.backward();
        return (loss.item<float>(), TokenMean.Of(entropy.detach(), batch.Mask, stepTokens).item<float>());
    }
}
