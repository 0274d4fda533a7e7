using Pipeline.Rewards;
using Pipeline.Stages.Completions;

namespace Pipeline.Stages.RejectionSampling;

/// <summary>A completion that may become a row.</summary>
/// <param name="completion">The completion.</param>
/// <param name="score">What the verifier says of it.</param>
internal sealed class Candidate(SampledCompletion completion, RewardScore score)
{
    /// <summary>The completion.</summary>
    public SampledCompletion Completion => completion;

    /// <summary>What the assistant says, prefill included.</summary>
    public string Text => completion.Input.Text;

    /// <summary>What tells completions of one prompt from those of another.</summary>
    public string Prompt => completion.Prompt.Text;

    /// <summary>What became of the answer.</summary>
    public RewardOutcome Outcome => score.Outcome;
}
