namespace Pipeline.Rewards;

/// <summary>Asks a reward beside the caller's thread, for so long and no longer.</summary>
internal static class TimeLimit
{
    /// <summary>
    /// The reward's scores; if it is late, <see cref="RewardScore.TimedOut"/> for all. It is asked to stop, and not waited for if it
    /// does not: what hangs must not hold up a training run.
    /// </summary>
    public static async Task<IReadOnlyList<RewardScore>> ScoreAsync(
        IReward reward, IReadOnlyList<RewardInput> inputs, TimeSpan limit, TimeProvider clock, CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(limit, clock);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation, late.Token);
        var token = end.Token;
        var scoring = Task.Run(() => reward.ScoreAsync(inputs, token).AsTask(), CancellationToken.None);
        try
        {
            return await scoring.WaitAsync(token);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return [.. inputs.Select(_ => RewardScore.TimedOut)];
        }
    }
}
