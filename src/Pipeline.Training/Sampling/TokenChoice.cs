using static TorchSharp.torch;

namespace Pipeline.Training.Sampling;

/// <summary>From scores to one token per row.</summary>
internal static class TokenChoice
{
    /// <param name="logits">[rows, vocab].</param>
    /// <param name="uniforms">[rows], in [0, 1): picks the token whose stretch of the cumulated probability it falls into.</param>
    /// <param name="temperature">0 for the likeliest token.</param>
    /// <param name="topP">Share of the probability to draw from.</param>
    /// <returns>Tokens [rows], int64, and their log-probabilities [rows] over the whole vocabulary.</returns>
    public static (Tensor Tokens, Tensor LogProbs) Of(Tensor logits, Tensor uniforms, double temperature, double topP)
    {
        using var scope = NewDisposeScope();
        var scaled = temperature is 0 or 1 ? logits : logits / temperature;
        var logProbs = nn.functional.log_softmax(scaled.to(ScalarType.Float32), dim: -1);
        var tokens = temperature == 0 ? logProbs.argmax(-1, keepdim: true) : Draw(logProbs.exp(), uniforms.unsqueeze(-1), topP); // [rows, 1]
        return scope.MoveToOuter(tokens.squeeze(-1), logProbs.gather(-1, tokens).squeeze(-1));
    }

    /// <param name="probabilities">[rows, vocab].</param>
    /// <param name="uniforms">[rows, 1].</param>
    /// <param name="topP">Share of the probability to draw from.</param>
    /// <returns>[rows, 1].</returns>
    private static Tensor Draw(Tensor probabilities, Tensor uniforms, double topP)
    {
        if (topP >= 1) return InverseCdf(probabilities, uniforms);
        var (sorted, order) = probabilities.sort(-1, descending: true, stable: true);
        // A token stays if those before it have not yet filled the nucleus, so the likeliest always does.
        var before = sorted.cumsum(-1) - sorted;
        return order.gather(-1, InverseCdf(sorted * (before < topP), uniforms));
    }

    private static Tensor InverseCdf(Tensor weights, Tensor uniforms)
    {
        var cumulated = weights.cumsum(-1);
        var target = cumulated.narrow(-1, -1, 1) * uniforms;
        return (cumulated <= target).sum(-1, keepdim: true);
    }
}
