using Pipeline.Rewards;

namespace Pipeline.Stages.RejectionSampling.Filters;

/// <summary>The final answer is not the ground truth (DeepSeek-R1, section 2.3.3: "retain only the correct ones").</summary>
internal sealed class Wrong : ICompletionFilter
{
    public string Reason => "wrong";

    public string Rule => "the final answer is wrong";

    public bool Drops(Candidate candidate) => candidate.Outcome != RewardOutcome.Correct;
}
