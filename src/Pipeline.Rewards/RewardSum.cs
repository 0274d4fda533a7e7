using Pipeline.Protocol.Options;

namespace Pipeline.Rewards;

/// <summary>The reward that RL maximises: a weighted sum, some of whose terms may hold only for some prompts or behind a gate.</summary>
/// <remarks>Without gates this is the paper's: accuracy + format (+ language), added directly (arXiv:2501.12948, section 2.3.2).</remarks>
public sealed class RewardSum
{
    private readonly IReadOnlyList<WeightedReward> _terms;

    /// <param name="terms">At least one; names must differ.</param>
    /// <exception cref="RewardException">None, or two with one name.</exception>
    public RewardSum(IReadOnlyList<WeightedReward> terms)
    {
        var repeated = terms.GroupBy(term => term.Reward.Name).FirstOrDefault(group => group.Count() > 1);
        if (repeated is not null) throw new RewardException(RewardException.Terms,
            $"The reward has {repeated.Count()} terms named '{repeated.Key}'. Merge them: a metric and a rollout column "
            + "bear that name.");
        if (terms.Count == 0) throw new RewardException(RewardException.Terms,
            "The reward has no terms. Name at least one, e.g. accuracy.");
        _terms = terms;
    }

    /// <summary>The sum a stage's options describe.</summary>
    /// <param name="options">The terms.</param>
    /// <param name="steps">Steps of the stage, for terms that count in the last ones only; null where there are none.</param>
    /// <exception cref="RewardException">A pattern cannot be used, or two terms have one name.</exception>
    public static RewardSum Of(IReadOnlyList<RewardTerm> options, int? steps = null) => new(RewardTerms.Build(options, steps));

    /// <summary>The rewards of the sum, in its order.</summary>
    public IEnumerable<string> Names => _terms.Select(term => term.Reward.Name);

    /// <summary>
    /// Scores the completion. A completion one of whose terms or gates has no score (an unparsable ground truth) has no total
    /// either: it is to be left out of training, not to be taught to be wrong.
    /// </summary>
    /// <param name="input">The completion.</param>
    /// <param name="step">The optimizer step, for terms that begin later.</param>
    public RewardBreakdown Score(RewardInput input, int step = 0)
    {
        var scores = new Dictionary<string, RewardScore>(_terms.Count);
        var total = 0.0;
        foreach (var term in _terms)
        {
            var score = term.AppliesTo(input, step) ? term.Reward.Score(input) : RewardScore.NotApplicable;
            scores[term.Reward.Name] = score;
            if (score.Outcome != RewardOutcome.NotApplicable) total += term.Weight * score.Value * term.OpenGate(input);
        }
        return new RewardBreakdown(total, scores);
    }
}

/// <summary>A total and what it is made of.</summary>
/// <param name="Total">The weighted sum; NaN if the completion cannot be judged.</param>
/// <param name="Scores">Each reward's own score, before weight and gate, by name.</param>
public sealed record RewardBreakdown(double Total, IReadOnlyDictionary<string, RewardScore> Scores)
{
    /// <summary>Whether there is a total. If not, leave the completion out and count it.</summary>
    public bool IsJudged => !double.IsNaN(Total);
}
