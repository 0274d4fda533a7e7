using static TorchSharp.torch;

namespace Pipeline.Training.Losses;

/// <summary>What <see cref="Grpo"/> saw, as means over the completion tokens.</summary>
/// <param name="Tokens">Completion tokens.</param>
/// <param name="Kl">Divergence from the reference in nats, by the loss's estimator; 0 without a reference.</param>
/// <param name="ClippedLow">Share of tokens whose probability was to be lowered and had already been lowered past the bound.</param>
/// <param name="ClippedHigh">Share of tokens whose probability was to be raised and had already been raised past the bound.</param>
/// <param name="LargestLogProbDifference">
/// Between policy and sampler, at any token. Before the first update on a rollout it is rounding, about 1e-5; more
/// means that the two do not compute the same thing.
/// </param>
public sealed record GrpoMetrics(long Tokens, double Kl, double ClippedLow, double ClippedHigh, double LargestLogProbDifference)
{
    /// <summary>The metrics of a step from those of its micro-batches.</summary>
    public static GrpoMetrics Mean(IReadOnlyList<GrpoMetrics> parts)
    {
        var tokens = parts.Sum(p => p.Tokens);
        return new(tokens, Weighted(p => p.Kl), Weighted(p => p.ClippedLow), Weighted(p => p.ClippedHigh),
            parts.Select(p => p.LargestLogProbDifference).DefaultIfEmpty().Max());

        double Weighted(Func<GrpoMetrics, double> value) => tokens == 0 ? 0 : parts.Sum(p => value(p) * p.Tokens) / tokens;
    }

    internal static GrpoMetrics Of(Tensor logRatio, Tensor ratio, Tensor advantage, Tensor? divergence, Tensor completionMask, ClipRange clip)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var low = (ratio < 1 - clip.Low) & (advantage < 0) & completionMask;
        var high = (ratio > 1 + clip.High) & (advantage > 0) & completionMask;
        var kl = divergence is null ? zeros([], device: ratio.device) : divergence.masked_fill(~completionMask, 0).sum();
        // One transfer from the device for all of them.
        var sums = stack(new[] { completionMask.sum(), low.sum(), high.sum(), kl, logRatio.abs().max() }
            .Select(t => t.to(ScalarType.Float64))).cpu().data<double>().ToArray();
        var tokens = Math.Max(sums[0], 1);
        return new((long)sums[0], sums[3] / tokens, sums[1] / tokens, sums[2] / tokens, sums[4]);
    }
}
