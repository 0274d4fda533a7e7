using Pipeline.Rewards;

namespace Pipeline.Stages.RejectionSampling.Filters;

/// <summary>Comparing the answer with the ground truth costs more than it may, or its program runs on.</summary>
internal sealed class TimedOut : ICompletionFilter
{
    public string Reason => "timeout";

    public string Rule => "judging the answer takes too long";

    public bool Drops(Candidate candidate) => candidate.Outcome == RewardOutcome.Timeout;
}
