using Pipeline.Rewards;
using Pipeline.Stages.Completions;

namespace Pipeline.Stages.RejectionSampling;

/// <summary>A completion that may become a row. It is graded once, when a filter first asks.</summary>
/// <param name="completion">The completion.</param>
/// <param name="accuracy">Compares its final answer with the ground truth.</param>
internal sealed class Candidate(SampledCompletion completion, Accuracy accuracy)
{
    private RewardScore? _score;

    /// <summary>The completion.</summary>
    public SampledCompletion Completion => completion;

    /// <summary>What the assistant says, prefill included.</summary>
    public string Text => completion.Input.Text;

    /// <summary>What tells completions of one prompt from those of another.</summary>
    public string Prompt => completion.Prompt.Text;

    /// <summary>What became of the final answer.</summary>
    public RewardOutcome Outcome => (_score ??= accuracy.Score(completion.Input)).Outcome;
}
