namespace Pipeline.Rewards;

/// <summary>A reward model's score. This library has no weights: the stage runs the model and hands the number in.</summary>
/// <param name="name">Under which it stands in <see cref="RewardInput.Scores"/>.</param>
public sealed class ModelScore(string name) : IRule
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    /// <exception cref="RewardException">It was not handed in.</exception>
    public RewardScore Score(RewardInput input) => input.Scores.TryGetValue(name, out var score)
        ? new(score)
        : throw new RewardException(RewardException.ScoreMissing,
            $"The reward model '{name}' was not run on a completion its term applies to. Scores handed in: "
            + $"{string.Join(", ", input.Scores.Keys.DefaultIfEmpty("none"))}.");
}
