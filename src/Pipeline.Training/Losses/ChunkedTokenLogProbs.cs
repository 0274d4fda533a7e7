using static TorchSharp.torch;

namespace Pipeline.Training.Losses;

/// <summary>
/// Log-probabilities and entropies straight from the hidden states. The scores over the vocabulary exist for one
/// chunk of positions at a time, in the backward pass too, where they are computed again: a batch never holds
/// [batch, seq, vocab], which exhausts memory before the weights do.
/// </summary>
public static class ChunkedTokenLogProbs
{
    /// <summary>The log-probability of each wanted token, and beside it the entropy of the distribution it was drawn from.</summary>
    /// <param name="hiddenStates">[batch, seq, hidden]. Position t predicts token t + 1.</param>
    /// <param name="outputWeight">[vocab, hidden], from <see cref="Models.LanguageModel.OutputWeight"/>.</param>
    /// <param name="tokens">[batch, seq], int64. Already shifted: <c>tokens[b, t]</c> is what position t should predict.</param>
    /// <param name="completionMask">[batch, seq], bool. True where the result is wanted; nothing is computed elsewhere.</param>
    /// <param name="temperature">Divides the scores; the one that the tokens were sampled at.</param>
    /// <returns>Two tensors [batch, seq], float32, zero outside the mask. Both carry gradient.</returns>
    public static (Tensor LogProbs, Tensor Entropy) Of(
        Tensor hiddenStates, Tensor outputWeight, Tensor tokens, Tensor completionMask, double temperature = 1)
    {
        using var scope = NewDisposeScope();
        var wanted = completionMask.reshape(-1).nonzero().squeeze(-1);                      // [positions]
        var targets = tokens.reshape(-1).index_select(0, wanted);                          // [positions]
        var flat = hiddenStates.reshape(-1, hiddenStates.shape[^1]);                       // [batch * seq, hidden]
        var both = ChunkedLogSoftmax.apply(flat, outputWeight, wanted, targets, temperature)
            .view(completionMask.shape[0], completionMask.shape[1], 2);
        return scope.MoveToOuter(both.select(-1, 0), both.select(-1, 1));
    }
}
