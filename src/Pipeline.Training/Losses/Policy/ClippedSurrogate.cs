using static TorchSharp.torch;

namespace Pipeline.Training.Losses.Policy;

/// <summary>A policy loss and what was seen while computing it.</summary>
/// <param name="Loss">[], float32; minimise it.</param>
/// <param name="Metrics">Of the same tensors.</param>
public readonly record struct PolicyLoss(Tensor Loss, PolicyMetrics Metrics);

/// <summary>
/// PPO's clipped surrogate (arXiv:1707.06347, equation 7), negated, with divergence and entropy added: what the algorithms of
/// this folder share. They differ in the ratio that is clipped and in how tokens are averaged.
/// </summary>
internal static class ClippedSurrogate
{
    /// <param name="batch">The completions.</param>
    /// <param name="terms">Trust region, divergence, entropy.</param>
    /// <param name="ratio">What is clipped.</param>
    /// <param name="reduce">From tokens to the batch.</param>
    public static PolicyLoss Of(PolicyBatch batch, PolicyTerms terms, PolicyRatio ratio, TokenReduction reduce)
    {
        using var scope = NewDisposeScope();
        var (mask, clip) = (batch.CompletionMask, terms.Clip);
        var advantage = batch.Advantages.unsqueeze(-1);                                  // [batch, 1]
        var policy = Inside(batch.LogProbs, mask);                                       // [batch, seq]
        var behavior = Inside(batch.BehaviorLogProbs, mask);
        var proximal = terms.Importance is null ? behavior : Inside(batch.ProximalLogProbs ?? batch.LogProbs.detach(), mask);

        var moved = ratio(policy - proximal, mask).exp();                                // [batch, seq] or [batch, 1]
        var clipped = moved.clamp(1 - clip.Low, 1 + clip.High);
        var objective = minimum(moved * advantage, clipped * advantage);
        if (clip.Dual is { } bound) objective = where(advantage < 0, maximum(objective, bound * advantage), objective);
        var weights = terms.Importance?.Weights(proximal, behavior, mask);
        if (weights is not null) objective = objective * weights;

        var perToken = (-objective).expand_as(policy);
        Tensor? divergence = null;
        if (terms.Kl is { } kl)
        {
            divergence = kl.PerToken(policy, Inside(batch.ReferenceLogProbs ?? throw Missing(nameof(batch.ReferenceLogProbs)), mask));
            perToken = perToken + kl.Coefficient * divergence;
        }
        if (terms.EntropyBonus != 0)
            perToken = perToken - terms.EntropyBonus * (batch.Entropy ?? throw Missing(nameof(batch.Entropy)));
        var metrics = PolicyMetrics.Of(policy - behavior, moved, advantage, weights, divergence, mask, clip);
        return new(reduce(perToken, mask).MoveToOuterDisposeScope(), metrics);
    }

    /// <summary>Outside the mask the inputs mean nothing, and an infinite ratio there would poison the gradient.</summary>
    private static Tensor Inside(Tensor perToken, Tensor mask) => perToken.masked_fill(~mask, 0);

    private static ArgumentException Missing(string what) => new($"The terms of the loss need {what}, and the batch has none.");
}
