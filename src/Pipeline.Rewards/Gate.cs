namespace Pipeline.Rewards;

/// <summary>
/// Lets a term count only where other terms of the sum score 1: accuracy, so that there are no style points for wrong answers;
/// format, so that there are none for answers in the wrong form.
/// </summary>
/// <param name="Terms">Names of terms of the same sum. Those without an opinion on a completion are not asked.</param>
/// <param name="Otherwise">Decides where none of them has an opinion; if it is null or has none either, the gate is open.</param>
public sealed record Gate(IReadOnlyList<string> Terms, IRule? Otherwise = null)
{
    /// <returns>1 if open, 0 if shut, NaN if it cannot judge.</returns>
    internal double Open(RewardInput input, IReadOnlyDictionary<string, RewardScore> scores)
    {
        var opinions = Terms.Select(term => scores[term]).Where(IsOpinion).ToList();
        if (opinions.Count == 0 && Otherwise?.Score(input) is { } other && IsOpinion(other)) opinions.Add(other);
        return opinions.Any(score => double.IsNaN(score.Value)) ? double.NaN : opinions.All(score => score.Value >= 1) ? 1 : 0;
    }

    private static bool IsOpinion(RewardScore score) => score.Outcome != RewardOutcome.NotApplicable;
}
