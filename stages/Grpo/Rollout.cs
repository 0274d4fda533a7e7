using Pipeline.Datasets.Packing;
using Pipeline.Stages.Completions;

namespace Pipeline.Stages.Grpo;

/// <summary>A completion and how much it is to be encouraged.</summary>
/// <param name="Completion">What the policy wrote.</param>
/// <param name="Advantage">Its reward relative to the group.</param>
public sealed record Rollout(SampledCompletion Completion, float Advantage)
{
    /// <summary>Tokens of prompt and completion.</summary>
    public int Length => Completion.Prompt.Ids.Length + Completion.Tokens.Length;

    /// <summary>Prompt and completion as a sequence in which the completion is learnt.</summary>
    public TokenExample Example => new(
        [.. Completion.Prompt.Ids, .. Completion.Tokens],
        [.. Enumerable.Repeat(false, Completion.Prompt.Ids.Length), .. Enumerable.Repeat(true, Completion.Tokens.Length)]);

    /// <summary>[length - 1]. The sampler's log-probability of each predicted token, after the one-step shift; 0 within the prompt.</summary>
    public float[] BehaviorLogProbs => [.. Enumerable.Repeat(0f, Completion.Prompt.Ids.Length - 1), .. Completion.LogProbs];
}
