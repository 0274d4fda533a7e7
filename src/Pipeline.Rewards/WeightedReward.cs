namespace Pipeline.Rewards;

/// <summary>A term of a <see cref="RewardSum"/>.</summary>
/// <param name="Reward">What is scored.</param>
/// <param name="Weight">Its factor.</param>
public sealed record WeightedReward(IReward Reward, double Weight = 1)
{
    /// <summary>The kinds of tasks it is for; null for all.</summary>
    public IReadOnlyCollection<string>? Abilities { get; init; }

    /// <summary>The optimizer step from which it counts.</summary>
    public int FromStep { get; init; }

    /// <summary>Counts only where all of these are open.</summary>
    public IReadOnlyList<Gate> Gates { get; init; } = [];

    /// <summary>The longest it may take over the completions of a call; it is given up then, and they have no score from it.</summary>
    public TimeSpan Limit { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>Asks the reward about the completions it is for; it has no opinion on the others.</summary>
    internal async Task<IReadOnlyList<RewardScore>> ScoreAsync(IReadOnlyList<RewardInput> inputs, int step, TimeProvider clock, CancellationToken cancellation)
    {
        var concerned = Enumerable.Range(0, inputs.Count).Where(row => AppliesTo(inputs[row], step)).ToList();
        var scores = new RewardScore[inputs.Count];
        Array.Fill(scores, RewardScore.NotApplicable);
        if (concerned.Count == 0) return scores;
        var found = await TimeLimit.ScoreAsync(Reward, [.. concerned.Select(row => inputs[row])], Limit, clock, cancellation);
        foreach (var (row, score) in concerned.Zip(found)) scores[row] = score;
        return scores;
    }

    /// <returns>1 if all are open, 0 if one is shut, NaN if one cannot judge.</returns>
    internal double OpenGates(RewardInput input, IReadOnlyDictionary<string, RewardScore> scores) =>
        Gates.Aggregate(1.0, (open, gate) => open * gate.Open(input, scores));

    private bool AppliesTo(RewardInput input, int step) =>
        step >= FromStep && (Abilities is null || (input.Ability is not null && Abilities.Contains(input.Ability)));
}
