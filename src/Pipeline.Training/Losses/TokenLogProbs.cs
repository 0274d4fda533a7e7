using static TorchSharp.torch;

namespace Pipeline.Training.Losses;

/// <summary>Log-probabilities of given tokens, from scores that fit into memory whole.</summary>
public static class TokenLogProbs
{
    /// <summary>The log-probability that <paramref name="logits"/> give to each of <paramref name="tokens"/>.</summary>
    /// <param name="logits">[batch, seq, vocab], any float type. Position t predicts token t + 1.</param>
    /// <param name="tokens">[batch, seq], int64. Already shifted: <c>tokens[b, t]</c> is what position t should predict.</param>
    /// <returns>[batch, seq], float32, each value at most 0.</returns>
    public static Tensor Of(Tensor logits, Tensor tokens)
    {
        using var scope = NewDisposeScope();
        var logProbs = nn.functional.log_softmax(logits.to(ScalarType.Float32), dim: -1); // bfloat16 sums drift over a large vocab
        return logProbs.gather(dim: -1, tokens.unsqueeze(-1)).squeeze(-1).MoveToOuterDisposeScope();
    }
}
