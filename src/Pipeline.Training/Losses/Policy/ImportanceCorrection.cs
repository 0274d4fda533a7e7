using static TorchSharp.torch;

namespace Pipeline.Training.Losses.Policy;

/// <summary>
/// Weighs what was sampled by how likely the trainer's policy was to sample it: policy / sampler, cut off above. The ratio
/// that is clipped is then current policy / policy before the updates, so that neither rounding of the sampler nor weights
/// that it had not yet received count as a move of the policy.
/// </summary>
/// <remarks>Truncated importance sampling (Ionides, 2008), for samplers of other precision (Yao et al., 2025) and for stale rollouts (arXiv:2505.24298).</remarks>
/// <param name="Cap">Largest weight. Above it the estimate is biased, and its variance bounded. 2 is usual.</param>
/// <param name="PerSequence">One weight for a whole completion, the product over its tokens, in place of one a token.</param>
public readonly record struct ImportanceCorrection(double Cap, bool PerSequence = false)
{
    /// <param name="proximalLogProbs">[batch, seq]. The policy before the updates, as the trainer computes it.</param>
    /// <param name="behaviorLogProbs">[batch, seq]. The same as the sampler computed it.</param>
    /// <param name="completionMask">[batch, seq], bool.</param>
    /// <returns>[batch, seq], or [batch, 1] for one weight a completion; without gradient.</returns>
    public Tensor Weights(Tensor proximalLogProbs, Tensor behaviorLogProbs, Tensor completionMask)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var logWeight = (proximalLogProbs.detach() - behaviorLogProbs).masked_fill(~completionMask, 0);
        if (PerSequence) logWeight = logWeight.sum([-1], keepdim: true);                 // [batch, 1]
        return logWeight.exp().clamp(max: Cap).MoveToOuterDisposeScope();
    }
}
