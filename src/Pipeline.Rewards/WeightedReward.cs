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

    /// <summary>
    /// Counts only where this other reward scores 1 (accuracy: no style points for wrong answers; format: no points for answers
    /// in the wrong form) or has no opinion. Null: no gate.
    /// </summary>
    public IReward? Gate { get; init; }

    internal bool AppliesTo(RewardInput input, int step) =>
        step >= FromStep && (Abilities is null || (input.Ability is not null && Abilities.Contains(input.Ability)));

    /// <returns>1 if open, 0 if shut, NaN if the gate cannot judge.</returns>
    internal double OpenGate(RewardInput input) => Gate?.Score(input) switch
    {
        null or { Outcome: RewardOutcome.NotApplicable } => 1,
        { Value: double.NaN } => double.NaN,
        { Value: var value } => value >= 1 ? 1 : 0,
    };
}
