using Pipeline.Protocol.Options;
using Pipeline.Training.Losses.Policy;
using static TorchSharp.torch;
using KlEstimator = Pipeline.Training.Losses.Policy.KlEstimator;
using Loss = System.Func<Pipeline.Training.Losses.Policy.PolicyBatch, Pipeline.Training.Losses.Policy.PolicyTerms, Pipeline.Training.Losses.Policy.PolicyLoss>;

namespace Pipeline.Stages.Grpo;

/// <summary>The algorithm that the options name: how rewards become advantages, and these a loss.</summary>
/// <param name="Advantages">From rewards [prompts, completions] to advantages of that shape.</param>
/// <param name="Loss">The loss of a micro-batch.</param>
/// <param name="Terms">Trust region, divergence, entropy.</param>
public sealed record PolicyObjective(Func<Tensor, Tensor> Advantages, Loss Loss, PolicyTerms Terms)
{
    /// <summary>The objective of a stage's options.</summary>
    public static PolicyObjective Of(GrpoOptions options)
    {
        var algorithm = options.Algorithm.Set();
        var terms = new PolicyTerms(new(algorithm.ClipLow, algorithm.ClipHigh, algorithm.DualClip))
        {
            Kl = options is { KlCoefficient: > 0, KlIn: KlPlace.Loss } ? new KlPenalty(options.KlCoefficient, EstimatorOf(options)) : null,
            EntropyBonus = options.EntropyCoefficient,
            Importance = options.ImportanceCorrection is { } correction ? new(correction.Cap, correction.Per == ImportanceLevel.Sequence) : null,
        };
        return algorithm switch
        {
            GrpoAlgorithm grpo => new(Scaled(grpo), Training.Losses.Policy.Grpo.Of, terms),
            DapoAlgorithm dapo => new(Scaled(dapo), Dapo.Of, terms),
            GspoAlgorithm gspo => new(Scaled(gspo), Gspo.Of, terms),
            DrGrpoAlgorithm drGrpo => new(Training.Losses.Advantages.Centered,
                (batch, added) => DrGrpo.Of(batch, added, drGrpo.Length ?? options.Sampling.MaxTokens), terms),
            RlooAlgorithm => new(Training.Losses.Advantages.LeaveOneOut, Rloo.Of, terms),
            _ => throw new InvalidOperationException($"{algorithm.GetType().Name} has no loss."),
        };
    }

    /// <summary>The estimator of the divergence, wherever it is paid.</summary>
    public static KlEstimator EstimatorOf(GrpoOptions options) => Enum.Parse<KlEstimator>(options.KlEstimator.ToString());

    private static Func<Tensor, Tensor> Scaled(ScaledAlgorithmOptions algorithm) => algorithm.AdvantageScale switch
    {
        AdvantageScale.Group => rewards => Training.Losses.Advantages.WithinGroup(rewards),
        AdvantageScale.Batch => rewards => Training.Losses.Advantages.WithinBatch(rewards),
        _ => Training.Losses.Advantages.Centered,
    };
}
