using static TorchSharp.torch;

namespace Pipeline.Training.Losses;

// Axes used in this file:
//   batch = prompts * completions per prompt, one row per completion
//   seq   = token positions after the one-step shift, prompt and completion together

/// <summary>Group relative policy optimization. DeepSeekMath (arXiv:2402.03300), equation 3; DeepSeek-R1 (arXiv:2501.12948), equation 1.</summary>
/// <remarks>
/// The ratio is taken per token, as in the former and in the released trainers; the latter writes it per completion.
/// How tokens are averaged is the caller's choice: <see cref="SequenceMean"/> is the paper's, <see cref="TokenMean"/> DAPO's.
/// </remarks>
public static class Grpo
{
    /// <summary>The negated clipped surrogate plus the divergence from the reference; minimise it.</summary>
    /// <param name="logProbs">[batch, seq]. Current policy; the only input that carries gradient.</param>
    /// <param name="behaviorLogProbs">[batch, seq]. The policy that sampled the tokens.</param>
    /// <param name="advantages">[batch]. One per completion.</param>
    /// <param name="completionMask">[batch, seq], bool. True where the policy chose the token.</param>
    /// <param name="clip">Trust region.</param>
    /// <param name="reduce">From tokens to the batch.</param>
    /// <param name="kl">Cost of leaving the reference, or null for none.</param>
    /// <param name="referenceLogProbs">[batch, seq]. The frozen reference; needed with <paramref name="kl"/>.</param>
    /// <returns>Loss [], float32, and the metrics of the same tensors.</returns>
    public static (Tensor Loss, GrpoMetrics Metrics) Of(
        Tensor logProbs, Tensor behaviorLogProbs, Tensor advantages, Tensor completionMask,
        ClipRange clip, TokenReduction reduce, KlPenalty? kl = null, Tensor? referenceLogProbs = null)
    {
        using var scope = NewDisposeScope();
        var advantage = advantages.unsqueeze(-1);                                          // [batch, 1]
        // Outside the mask the inputs mean nothing, and an infinite ratio there would poison the gradient.
        var outside = ~completionMask;
        var policy = logProbs.masked_fill(outside, 0);                                     // [batch, seq]
        var logRatio = policy - behaviorLogProbs.masked_fill(outside, 0);
        var ratio = logRatio.exp();
        var clippedRatio = ratio.clamp(1 - clip.Low, 1 + clip.High);
        var perToken = -minimum(ratio * advantage, clippedRatio * advantage);
        Tensor? divergence = null;
        if (kl is { } penalty)
        {
            ArgumentNullException.ThrowIfNull(referenceLogProbs);
            divergence = penalty.PerToken(policy, referenceLogProbs.masked_fill(outside, 0));
            perToken = perToken + penalty.Coefficient * divergence;
        }
        var metrics = GrpoMetrics.Of(logRatio, ratio, advantage, divergence, completionMask, clip);
        return (reduce(perToken, completionMask).MoveToOuterDisposeScope(), metrics);
    }
}
