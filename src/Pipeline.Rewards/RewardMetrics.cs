namespace Pipeline.Rewards;

/// <summary>What is worth watching of the rewards of a step.</summary>
public static class RewardMetrics
{
    private static readonly (RewardOutcome Outcome, string Name)[] s_counted =
    [
        (RewardOutcome.Correct, "correct"), (RewardOutcome.Wrong, "wrong"), (RewardOutcome.NoAnswer, "no_answers"),
        (RewardOutcome.AnswerUnparsable, "answers_unparsable"), (RewardOutcome.GoldUnparsable, "gold_unparsable"), (RewardOutcome.Timeout, "timeouts"),
        (RewardOutcome.NoVerdict, "no_verdicts"),
    ];

    /// <summary>
    /// Mean and standard deviation of each reward, before weights and gates, over the completions it has a score for
    /// (<c>rewards/&lt;name&gt;/mean</c>), and how often it came to what a mean would hide (<c>…/timeouts</c>), where that happened.
    /// </summary>
    public static IEnumerable<KeyValuePair<string, double>> Of(IReadOnlyList<RewardBreakdown> judged)
    {
        foreach (var name in judged.SelectMany(breakdown => breakdown.Scores.Keys).Distinct())
        {
            var scores = judged.Select(breakdown => breakdown.Scores[name]).Where(score => score.Outcome != RewardOutcome.NotApplicable).ToList();
            foreach (var (outcome, counted) in s_counted)
                if (scores.Count(score => score.Outcome == outcome) is > 0 and var count) yield return new($"rewards/{name}/{counted}", count);
            if (scores.Sum(score => score.BadAnswers) is > 0 and var bad) yield return new($"rewards/{name}/bad_answers", bad);
            var values = scores.Select(score => score.Value).Where(value => !double.IsNaN(value)).ToList();
            if (values.Count == 0) continue;
            var mean = values.Average();
            yield return new($"rewards/{name}/mean", mean);
            yield return new($"rewards/{name}/std", Math.Sqrt(values.Average(value => (value - mean) * (value - mean))));
        }
    }
}
