using Pipeline.Rewards;
using Pipeline.Stages.Hosting;

namespace Pipeline.Stages.Grpo;

/// <summary>Names each reward that took too long to score something, once: the metrics count how often.</summary>
/// <param name="events">Where it is told.</param>
internal sealed class LateRewards(StageEvents events)
{
    private readonly HashSet<string> _told = [];

    /// <summary>Looks for scores that are missing since a reward was late; a program that took too long in its answer has one, 0.</summary>
    public void Tell(int step, IReadOnlyList<ScoredCompletion> scored)
    {
        foreach (var (name, count) in scored.SelectMany(one => one.Reward.Scores)
            .Where(score => score.Value is { Outcome: RewardOutcome.Timeout, Value: double.NaN }).CountBy(score => score.Key))
            if (_told.Add(name)) events.Warn(step, "REWARD_TIMEOUT",
                $"The reward '{name}' was too late for {count} of {scored.Count} completions of step {step}. Nothing is learnt from those; "
                + $"rewards/{name}/timeouts counts them. Look at what it waits for, or raise its timeout_seconds or limit_seconds.");
    }
}
