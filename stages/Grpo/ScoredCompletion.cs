using Pipeline.Rewards;
using Pipeline.Stages.Completions;

namespace Pipeline.Stages.Grpo;

/// <summary>A completion and what it is worth.</summary>
/// <param name="Completion">What the policy wrote.</param>
/// <param name="Reward">Its total, and each reward's own score.</param>
public sealed record ScoredCompletion(SampledCompletion Completion, RewardBreakdown Reward)
{
    /// <summary>Whether its answer is right; null where no rule has judged that.</summary>
    public bool? IsCorrect => Reward.Scores.Values
        .Where(score => score.IsVerdict)
        .Select(score => (bool?)(score.Outcome == RewardOutcome.Correct)).FirstOrDefault();
}
