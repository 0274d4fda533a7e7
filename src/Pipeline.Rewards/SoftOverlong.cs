namespace Pipeline.Rewards;

/// <summary>
/// Punishes completions that come near the limit: 0 up to <c>limit - margin</c> tokens, then falling linearly to -1 at the
/// limit, -1 beyond. Soft over-long punishment, DAPO (arXiv:2503.14476), equation 13.
/// </summary>
/// <param name="limit">Tokens; the most a completion should have.</param>
/// <param name="margin">Tokens before the limit from which the punishment grows; above 0.</param>
public sealed class SoftOverlong(int limit, int margin) : IRule
{
    private readonly int _margin = margin > 0
        ? margin
        : throw new ArgumentOutOfRangeException(nameof(margin), margin, "The margin must be above 0.");

    /// <inheritdoc/>
    public string Name => "soft_overlong";

    /// <inheritdoc/>
    public RewardScore Score(RewardInput input) => new(Math.Clamp((limit - _margin - input.Length) / (double)_margin, -1, 0));
}
