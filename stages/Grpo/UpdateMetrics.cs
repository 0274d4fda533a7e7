using Pipeline.Training.Losses;

namespace Pipeline.Stages.Grpo;

/// <summary>What one optimizer step saw, as means over its completion tokens.</summary>
/// <param name="Loss">The objective, negated; 0 at first when the policy is on its own samples, however well it learns.</param>
/// <param name="Entropy">Of the policy's next-token distribution, in nats.</param>
/// <param name="SamplerDifference">Distance of the trainer's log-probabilities from the sampler's.</param>
/// <param name="Objective">KL and clipping.</param>
public sealed record UpdateMetrics(double Loss, double Entropy, double SamplerDifference, GrpoMetrics Objective)
{
    /// <summary>Norm of the gradient before clipping.</summary>
    public double GradNorm { get; init; }

    /// <summary>The metrics of a rollout step from those of its optimizer steps, under TRL's names.</summary>
    public static IEnumerable<KeyValuePair<string, double>> Mean(IReadOnlyList<UpdateMetrics> updates)
    {
        var objective = GrpoMetrics.Mean([.. updates.Select(update => update.Objective)]);
        return
        [
            new("loss", updates.Average(update => update.Loss)),
            new("kl", objective.Kl),
            new("entropy", updates.Average(update => update.Entropy)),
            new("clip_ratio/low_mean", objective.ClippedLow),
            new("clip_ratio/high_mean", objective.ClippedHigh),
            new("grad_norm", updates.Average(update => update.GradNorm)),
            // Only the first update is made by the policy that sampled; after it the two are meant to differ.
            new("sampling/sampling_logp_difference/mean", updates[0].SamplerDifference),
            new("sampling/sampling_logp_difference/max", updates[0].Objective.LargestLogProbDifference),
        ];
    }
}
