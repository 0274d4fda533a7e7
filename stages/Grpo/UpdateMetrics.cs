using Pipeline.Training.Losses.Policy;

namespace Pipeline.Stages.Grpo;

/// <summary>What one optimizer step saw, as means over its completion tokens.</summary>
/// <param name="Loss">The objective, negated; 0 at first when the policy is on its own samples, however well it learns.</param>
/// <param name="Entropy">Of the policy's next-token distribution, in nats.</param>
/// <param name="SamplerDifference">Distance of the trainer's log-probabilities from the sampler's.</param>
/// <param name="Objective">KL, clipping and importance weights.</param>
public sealed record UpdateMetrics(double Loss, double Entropy, double SamplerDifference, PolicyMetrics Objective)
{
    /// <summary>Norm of the gradient before clipping.</summary>
    public double GradNorm { get; init; }

    /// <summary>This optimizer step's own line in <c>updates.jsonl</c>.</summary>
    /// <param name="number">Its number within the rollout step, from 1.</param>
    public IEnumerable<KeyValuePair<string, double>> Line(int number) =>
    [
        new("update", number), new("loss", Loss), new("kl", Objective.Kl), new("entropy", Entropy), new("grad_norm", GradNorm),
        new("clip_ratio/low_mean", Objective.ClippedLow), new("clip_ratio/high_mean", Objective.ClippedHigh),
        new("sampling/sampling_logp_difference/mean", SamplerDifference),
        new("sampling/importance_sampling_ratio/mean", Objective.Importance),
    ];

    /// <summary>The metrics of a rollout step from those of its optimizer steps, under TRL's names.</summary>
    /// <param name="updates">At least one.</param>
    /// <param name="klInReward">Mean divergence a token where it is paid in the reward; null where it is in the loss, or nowhere.</param>
    public static IEnumerable<KeyValuePair<string, double>> Mean(IReadOnlyList<UpdateMetrics> updates, double? klInReward = null)
    {
        var objective = PolicyMetrics.Mean([.. updates.Select(update => update.Objective)]);
        return
        [
            new("loss", updates.Average(update => update.Loss)),
            new("kl", klInReward ?? objective.Kl),
            new("entropy", updates.Average(update => update.Entropy)),
            new("clip_ratio/low_mean", objective.ClippedLow),
            new("clip_ratio/low_min", updates.Min(update => update.Objective.ClippedLow)),
            new("clip_ratio/high_mean", objective.ClippedHigh),
            new("clip_ratio/high_max", updates.Max(update => update.Objective.ClippedHigh)),
            new("clip_ratio/region_mean", objective.ClippedLow + objective.ClippedHigh),
            new("grad_norm", updates.Average(update => update.GradNorm)),
            // Only the first update is made by the policy that sampled; after it the two are meant to differ.
            new("sampling/sampling_logp_difference/mean", updates[0].SamplerDifference),
            new("sampling/sampling_logp_difference/max", updates[0].Objective.LargestLogProbDifference),
            new("sampling/importance_sampling_ratio/mean", objective.Importance),
            new("sampling/importance_sampling_ratio/min", objective.SmallestImportance),
            new("sampling/importance_sampling_ratio/max", objective.LargestImportance),
        ];
    }
}
