using static TorchSharp.torch;

namespace Pipeline.Training.Losses.Policy;

// Axes used in this folder:
//   batch = completions of the micro-batch, one a row
//   seq   = token positions after the one-step shift, prompt and completion together

/// <summary>The completions of a micro-batch, as a policy loss looks at them.</summary>
/// <param name="LogProbs">[batch, seq]. Current policy; carries gradient.</param>
/// <param name="BehaviorLogProbs">[batch, seq]. The policy that sampled the tokens, as the sampler computed it.</param>
/// <param name="Advantages">[batch]. One per completion.</param>
/// <param name="CompletionMask">[batch, seq], bool. True where the policy chose a token that is to be learnt from.</param>
/// <param name="Step">The optimizer step that this is a part of.</param>
public sealed record PolicyBatch(Tensor LogProbs, Tensor BehaviorLogProbs, Tensor Advantages, Tensor CompletionMask, StepSize Step)
{
    /// <summary>
    /// [batch, seq]. The policy that sampled the tokens, as the trainer computes it: the weights before the first of
    /// several updates on one rollout. Null where there was no update since: then it is the current policy.
    /// </summary>
    public Tensor? ProximalLogProbs { get; init; }

    /// <summary>[batch, seq]. The frozen reference; needed for a <see cref="PolicyTerms.Kl"/>.</summary>
    public Tensor? ReferenceLogProbs { get; init; }

    /// <summary>[batch, seq]. Entropy of the current policy at each token; carries gradient; needed for an <see cref="PolicyTerms.EntropyBonus"/>.</summary>
    public Tensor? Entropy { get; init; }
}

/// <summary>Size of an optimizer step, of which a micro-batch is a part: their losses add up to that of the step.</summary>
/// <param name="Sequences">Completions.</param>
/// <param name="Tokens">Tokens to be learnt from.</param>
public readonly record struct StepSize(long Sequences, long Tokens);
