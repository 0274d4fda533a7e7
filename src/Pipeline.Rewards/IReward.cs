namespace Pipeline.Rewards;

/// <summary>Scores one completion. Pure: equal input, equal score, on any machine at any speed.</summary>
public interface IReward
{
    /// <summary>As it appears in <c>rewards/&lt;name&gt;/mean</c> and as a column of the rollouts.</summary>
    string Name { get; }

    /// <summary>The score, before any weight.</summary>
    RewardScore Score(RewardInput input);
}
