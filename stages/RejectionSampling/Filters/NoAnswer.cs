using Pipeline.Rewards;

namespace Pipeline.Stages.RejectionSampling.Filters;

/// <summary>There is no answer where one is looked for.</summary>
internal sealed class NoAnswer : ICompletionFilter
{
    public string Reason => "no_answer";

    public string Rule => "no final answer found";

    public bool Drops(Candidate candidate) => candidate.Outcome == RewardOutcome.NoAnswer;
}
