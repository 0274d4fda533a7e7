namespace Pipeline.Rewards;

/// <summary>
/// 1 for nothing, falling linearly to 0 at <c>limit</c> tokens. The example of a reward that is easily hacked: added to
/// accuracy without a gate it drives a weak policy to short, well-formed, wrong answers; gate it on accuracy.
/// </summary>
/// <param name="limit">Tokens at which a completion is not short at all; above 0.</param>
public sealed class Brevity(int limit) : IReward
{
    private readonly int _limit = limit > 0
        ? limit
        : throw new ArgumentOutOfRangeException(nameof(limit), limit, "The limit must be above 0.");

    /// <inheritdoc/>
    public string Name => "brevity";

    /// <inheritdoc/>
    public RewardScore Score(RewardInput input) => new(Math.Max(0, 1 - input.Length / (double)_limit));
}
