namespace Pipeline.Rewards;

/// <summary>Scores completions. What is slow keeps its own limits, and scores the completions of a batch at the same time.</summary>
/// <remarks>May be called from several threads at once. One that holds something is <see cref="IAsyncDisposable"/>.</remarks>
public interface IReward
{
    /// <summary>As it appears in <c>rewards/&lt;name&gt;/mean</c> and as a column of the rollouts.</summary>
    string Name { get; }

    /// <summary>The scores, before any weight: one for each completion, in their order.</summary>
    /// <exception cref="RewardException">Nothing can be scored as the reward is set up.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    ValueTask<IReadOnlyList<RewardScore>> ScoreAsync(IReadOnlyList<RewardInput> inputs, CancellationToken cancellation);
}
