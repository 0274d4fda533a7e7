using Pipeline.Rewards;

namespace Pipeline.Stages.RejectionSampling.Filters;

/// <summary>There is an answer that nobody can read.</summary>
internal sealed class Unparsable : ICompletionFilter
{
    public string Reason => "unparsable";

    public string Rule => "the final answer cannot be read";

    public bool Drops(Candidate candidate) => candidate.Outcome == RewardOutcome.AnswerUnparsable;
}
