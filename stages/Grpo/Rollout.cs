using Pipeline.Datasets.Packing;
using Pipeline.Protocol.Options;
using Pipeline.Stages.Completions;

namespace Pipeline.Stages.Grpo;

/// <summary>A completion and how much it is to be encouraged.</summary>
/// <param name="Completion">What the policy wrote.</param>
/// <param name="Advantage">Its reward relative to the group.</param>
public sealed record Rollout(SampledCompletion Completion, float Advantage)
{
    /// <summary>Whether anything is learnt from it: not if it could not be judged, or was cut off and that is to be ignored.</summary>
    public bool IsLearnt { get; init; } = true;

    /// <summary>[length]. The policy's log-probability of each token as the trainer computes it, before the step's updates; null if nobody asks.</summary>
    public float[]? ProximalLogProbs { get; init; }

    /// <summary>Tokens of prompt and completion.</summary>
    public int Length => Completion.Prompt.Ids.Length + Completion.Tokens.Length;

    /// <summary>Tokens that are learnt from.</summary>
    public int LearntTokens => IsLearnt ? Completion.Tokens.Length : 0;

    /// <summary>Mean weight of its tokens under the correction, from the policy before the step's updates; null if that was not asked for.</summary>
    public double? Importance(ImportanceCorrectionOptions? correction)
    {
        if (correction is null || ProximalLogProbs is null) return null;
        var logWeights = ProximalLogProbs.Zip(Completion.LogProbs, (policy, sampler) => (double)policy - sampler).ToList();
        return correction.Per == ImportanceLevel.Sequence
            ? Math.Min(Math.Exp(logWeights.Sum()), correction.Cap)
            : logWeights.Average(logWeight => Math.Min(Math.Exp(logWeight), correction.Cap));
    }

    /// <summary>Prompt and completion as a sequence in which the completion is learnt.</summary>
    public TokenExample Example => ExampleOf(Completion, IsLearnt);

    /// <summary>Prompt and completion as a sequence.</summary>
    /// <param name="completion">The completion.</param>
    /// <param name="isLearnt">Whether its tokens are in the mask.</param>
    internal static TokenExample ExampleOf(SampledCompletion completion, bool isLearnt = true) => new(
        [.. completion.Prompt.Ids, .. completion.Tokens],
        [.. Enumerable.Repeat(false, completion.Prompt.Ids.Length), .. Enumerable.Repeat(isLearnt, completion.Tokens.Length)]);

    /// <summary>[length - 1]. One number a predicted token, after the one-step shift; 0 within the prompt.</summary>
    /// <param name="ofTokens">[length of the completion].</param>
    public float[] Shifted(float[] ofTokens) => [.. Enumerable.Repeat(0f, Completion.Prompt.Ids.Length - 1), .. ofTokens];
}
