using static TorchSharp.torch;

namespace Pipeline.Training.Losses.Policy;

/// <summary>How the divergence from the reference is estimated from one sampled token.</summary>
/// <remarks>Names as in J. Schulman, "Approximating KL divergence", 2020. With r = reference / policy:</remarks>
public enum KlEstimator
{
    /// <summary>-log r: unbiased in value, may be negative; its gradient has mean zero, so as a loss it does not hold the policy.</summary>
    K1,

    /// <summary>(log r)^2 / 2: biased in value, its gradient is the divergence's.</summary>
    K2,

    /// <summary>r - 1 - log r: unbiased in value and never negative. The paper's.</summary>
    K3,
}

/// <summary>What it costs the policy to move away from the reference; part of the loss, not of the reward.</summary>
/// <param name="Coefficient">Cost per nat. The paper's beta: 0.001 for R1-Zero, 0.04 in DeepSeekMath.</param>
/// <param name="Estimator">The paper uses <see cref="KlEstimator.K3"/>.</param>
public readonly record struct KlPenalty(double Coefficient, KlEstimator Estimator = KlEstimator.K3)
{
    /// <summary>The estimate at each token, without the coefficient.</summary>
    /// <param name="logProbs">[batch, seq]. Current policy; carries gradient.</param>
    /// <param name="referenceLogProbs">[batch, seq]. Its frozen ancestor.</param>
    /// <returns>[batch, seq], in nats.</returns>
    public Tensor PerToken(Tensor logProbs, Tensor referenceLogProbs)
    {
        using var scope = NewDisposeScope();
        var logRatio = referenceLogProbs - logProbs;
        return (Estimator switch
        {
            KlEstimator.K1 => -logRatio,
            KlEstimator.K2 => logRatio.square() / 2,
            _ => logRatio.expm1() - logRatio,
        }).MoveToOuterDisposeScope();
    }
}
