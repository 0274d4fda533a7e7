namespace Pipeline.Rewards;

/// <summary>A reward that looks at one completion and nothing else. Pure: equal input, equal score, on any machine at any speed.</summary>
public interface IRule : IReward
{
    /// <summary>The score, before any weight.</summary>
    RewardScore Score(RewardInput input);

    /// <inheritdoc/>
    ValueTask<IReadOnlyList<RewardScore>> IReward.ScoreAsync(IReadOnlyList<RewardInput> inputs, CancellationToken cancellation)
    {
        var scores = new RewardScore[inputs.Count];
        for (var row = 0; row < scores.Length; row++)
        {
            cancellation.ThrowIfCancellationRequested();
            scores[row] = Score(inputs[row]);
        }
        return new(scores);
    }
}
