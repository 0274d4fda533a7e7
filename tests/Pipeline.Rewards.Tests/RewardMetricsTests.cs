namespace Pipeline.Rewards.Tests;

public class RewardMetricsTests
{
    [Test]
    public void Of_Scores_GivesMeanSpreadAndWhatTheyHide()
    {
        var judged = new RewardScore[]
        {
            new(1, RewardOutcome.Correct), new(0, RewardOutcome.Timeout), new(0, RewardOutcome.NoAnswer), RewardScore.TimedOut, RewardScore.NotApplicable,
        }.Select(score => new RewardBreakdown(score.Value, new Dictionary<string, RewardScore> { ["code"] = score })).ToList();
        // Scored: 1, 0, 0. Mean 1/3, variance 1/3 * 2/3. Two timeouts, one of them the program's and one the judge's.
        Assert.That(RewardMetrics.Of(judged).ToDictionary(), Is.EquivalentTo(new Dictionary<string, double>
        {
            ["rewards/code/correct"] = 1, ["rewards/code/no_answers"] = 1, ["rewards/code/timeouts"] = 2, ["rewards/code/mean"] = 1 / 3.0, ["rewards/code/std"] = Math.Sqrt(2) / 3,
        }).Using<KeyValuePair<string, double>>((one, other) => one.Key == other.Key && Math.Abs(one.Value - other.Value) < 1e-12));
    }

    [Test]
    public void Of_NothingHidden_CountsNothing() =>
        Assert.That(RewardMetrics.Of([new(1, new Dictionary<string, RewardScore> { ["format"] = new(1) })]).Select(metric => metric.Key),
            Is.EqualTo(new[] { "rewards/format/mean", "rewards/format/std" }));
}
