namespace Pipeline.Rewards.Tests;

/// <summary>One completion at a time.</summary>
internal static class SingleScore
{
    public static RewardBreakdown Of(this RewardSum sum, RewardInput input, int step = 0) => sum.ScoreAsync([input], step).GetAwaiter().GetResult()[0];

    public static RewardScore Of(this IReward reward, RewardInput input) => reward.ScoreAsync([input], CancellationToken.None).AsTask().GetAwaiter().GetResult()[0];
}
