using Pipeline.Protocol.Options;

namespace Pipeline.Rewards;

/// <summary>The reward that RL maximises: a weighted sum, some of whose terms may hold only for some prompts or behind a gate.</summary>
/// <remarks>Without gates this is the paper's: accuracy + format (+ language), added directly (arXiv:2501.12948, section 2.3.2).</remarks>
public sealed class RewardSum : IAsyncDisposable
{
    private readonly IReadOnlyList<WeightedReward> _terms;
    private readonly TimeProvider _clock;

    /// <param name="terms">At least one; names must differ, and gates must name some of them. They are disposed with the sum.</param>
    /// <param name="clock">Measures the terms' limits. Default the system's.</param>
    /// <exception cref="RewardException">None, two with one name, or a gate on a term that is not there.</exception>
    public RewardSum(IReadOnlyList<WeightedReward> terms, TimeProvider? clock = null)
    {
        var repeated = terms.GroupBy(term => term.Reward.Name).FirstOrDefault(group => group.Count() > 1);
        if (repeated is not null) throw new RewardException(RewardException.Terms,
            $"The reward has {repeated.Count()} terms named '{repeated.Key}'. Merge them: a metric and a rollout column "
            + "bear that name.");
        if (terms.Count == 0) throw new RewardException(RewardException.Terms,
            "The reward has no terms. Name at least one, e.g. accuracy.");
        foreach (var term in terms)
            if (term.Gates.SelectMany(gate => gate.Terms).Except(terms.Select(other => other.Reward.Name)).FirstOrDefault() is { } missing)
                throw new RewardException(RewardException.Terms,
                    $"'{term.Reward.Name}' counts only if '{missing}' holds, and the reward has no such term. Add it, with weight 0 if it should not count itself.");
        (_terms, _clock) = (terms, clock ?? TimeProvider.System);
    }

    /// <summary>The sum a stage's options describe.</summary>
    /// <param name="options">The terms.</param>
    /// <param name="steps">Steps of the stage, for terms that count in the last ones only; null where there are none.</param>
    /// <exception cref="RewardException">A pattern cannot be used, two terms have one name, or a gate is on none.</exception>
    public static RewardSum Of(IReadOnlyList<RewardTerm> options, int? steps = null) => new(RewardTerms.Build(options, steps));

    /// <summary>The rewards of the sum, in its order.</summary>
    public IEnumerable<string> Names => _terms.Select(term => term.Reward.Name);

    /// <summary>
    /// Scores the completions, all terms at the same time, on other threads than the caller's, each within its limit. A completion one of whose terms or gates has no score (an unparsable
    /// ground truth, a judge that is late) has no total either: it is to be left out of training, not to be taught to be wrong.
    /// </summary>
    /// <param name="inputs">The completions.</param>
    /// <param name="step">The optimizer step, for terms that begin later.</param>
    /// <param name="cancellation">Ends what is slow at once.</param>
    /// <returns>One a completion, in their order.</returns>
    /// <exception cref="RewardException">A term cannot score anything as it is set up.</exception>
    public async Task<IReadOnlyList<RewardBreakdown>> ScoreAsync(IReadOnlyList<RewardInput> inputs, int step = 0, CancellationToken cancellation = default)
    {
        var columns = await Task.WhenAll(_terms.Select(term => term.ScoreAsync(inputs, step, _clock, cancellation)));
        return [.. inputs.Select((input, row) => Breakdown(input, [.. columns.Select(column => column[row])]))];
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var term in _terms)
            if (term.Reward is IAsyncDisposable reward) await reward.DisposeAsync();
    }

    private RewardBreakdown Breakdown(RewardInput input, RewardScore[] scores)
    {
        var byName = _terms.Zip(scores).ToDictionary(pair => pair.First.Reward.Name, pair => pair.Second);
        RewardPart[] parts =
        [
            .. _terms.Zip(scores, (term, score) =>
                new RewardPart(term.Weight, score.Outcome == RewardOutcome.NotApplicable ? null : score.Value * term.OpenGates(input, byName))),
        ];
        return new RewardBreakdown(parts.Where(part => part.Value is not null).Sum(part => part.Weight * part.Value!.Value), byName) { Parts = parts };
    }
}

/// <summary>A total and what it is made of.</summary>
/// <param name="Total">The weighted sum; NaN if the completion cannot be judged.</param>
/// <param name="Scores">Each reward's own score, before weight and gate, by name.</param>
public sealed record RewardBreakdown(double Total, IReadOnlyDictionary<string, RewardScore> Scores)
{
    /// <summary>Whether there is a total. If not, leave the completion out and count it.</summary>
    public bool IsJudged => !double.IsNaN(Total);

    /// <summary>What each term adds, in the order of the sum.</summary>
    public IReadOnlyList<RewardPart> Parts { get; init; } = [];
}

/// <summary>What a term adds to a total.</summary>
/// <param name="Weight">Its factor.</param>
/// <param name="Value">Its score behind its gates; NaN if it cannot judge, null if it has no opinion.</param>
public readonly record struct RewardPart(double Weight, double? Value);
