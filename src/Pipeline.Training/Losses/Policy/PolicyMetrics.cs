using static TorchSharp.torch;

namespace Pipeline.Training.Losses.Policy;

/// <summary>What a policy loss saw, as means over the completion tokens.</summary>
/// <param name="Tokens">Completion tokens.</param>
/// <param name="Kl">Divergence from the reference in nats, by the loss's estimator; 0 without one in the loss.</param>
/// <param name="ClippedLow">Share of tokens whose probability was to be lowered and had already been lowered past the bound.</param>
/// <param name="ClippedHigh">Share of tokens whose probability was to be raised and had already been raised past the bound.</param>
/// <param name="LargestLogProbDifference">
/// Between policy and sampler, at any token. Before the first update on a rollout it is rounding, about 1e-5; more
/// means that the two do not compute the same thing.
/// </param>
/// <param name="Importance">Mean weight of the importance correction; 1 without one.</param>
/// <param name="SmallestImportance">Smallest weight.</param>
/// <param name="LargestImportance">Largest weight, at most the cap.</param>
public sealed record PolicyMetrics(
    long Tokens, double Kl, double ClippedLow, double ClippedHigh, double LargestLogProbDifference,
    double Importance, double SmallestImportance, double LargestImportance)
{
    /// <summary>The metrics of a step from those of its micro-batches.</summary>
    public static PolicyMetrics Mean(IReadOnlyList<PolicyMetrics> parts)
    {
        var tokens = parts.Sum(part => part.Tokens);
        return new(tokens, Weighted(part => part.Kl), Weighted(part => part.ClippedLow), Weighted(part => part.ClippedHigh),
            parts.Select(part => part.LargestLogProbDifference).DefaultIfEmpty().Max(),
            Weighted(part => part.Importance, otherwise: 1),
            parts.Select(part => part.SmallestImportance).DefaultIfEmpty(1).Min(),
            parts.Select(part => part.LargestImportance).DefaultIfEmpty(1).Max());

        double Weighted(Func<PolicyMetrics, double> value, double otherwise = 0) =>
            tokens == 0 ? otherwise : parts.Sum(part => value(part) * part.Tokens) / tokens;
    }

    /// <param name="logDifference">[batch, seq]. Policy less sampler, zero outside the mask.</param>
    /// <param name="ratio">[batch, seq] or [batch, 1]. What is clipped.</param>
    /// <param name="advantage">[batch, 1].</param>
    /// <param name="weights">[batch, seq] or [batch, 1]; null without a correction.</param>
    /// <param name="divergence">[batch, seq]; null without a divergence in the loss.</param>
    /// <param name="completionMask">[batch, seq], bool.</param>
    /// <param name="clip">Trust region.</param>
    internal static PolicyMetrics Of(
        Tensor logDifference, Tensor ratio, Tensor advantage, Tensor? weights, Tensor? divergence, Tensor completionMask, ClipRange clip)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var low = (ratio < 1 - clip.Low) & (advantage < 0) & completionMask;
        var high = (ratio > 1 + clip.High) & (advantage > 0) & completionMask;
        var kl = divergence is null ? zeros([], device: ratio.device) : divergence.masked_fill(~completionMask, 0).sum();
        var importance = (weights ?? ones_like(advantage)).expand_as(completionMask);
        // One transfer from the device for all of them.
        var sums = stack(new[]
        {
            completionMask.sum(), low.sum(), high.sum(), kl, logDifference.abs().max(),
            importance.masked_fill(~completionMask, 0).sum(), importance.masked_fill(~completionMask, double.PositiveInfinity).min(),
            importance.masked_fill(~completionMask, 0).max(),
        }.Select(t => t.to(ScalarType.Float64))).cpu().data<double>().ToArray();
        if (sums[0] == 0) return new(0, 0, 0, 0, 0, 1, 1, 1); // every completion of the part is masked
        var tokens = sums[0];
        return new((long)tokens, sums[3] / tokens, sums[1] / tokens, sums[2] / tokens, sums[4], sums[5] / tokens, sums[6], sums[7]);
    }
}
