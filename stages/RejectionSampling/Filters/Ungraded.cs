using Pipeline.Rewards;

namespace Pipeline.Stages.RejectionSampling.Filters;

/// <summary>Its prompt has no ground truth. The paper asks DeepSeek-V3 to judge these; we leave them to other data.</summary>
internal sealed class Ungraded : ICompletionFilter
{
    public string Reason => "ungraded";

    public string Rule => "no ground truth to compare with";

    public bool Drops(Candidate candidate) => candidate.Outcome is RewardOutcome.NotApplicable or RewardOutcome.GoldUnparsable;
}
