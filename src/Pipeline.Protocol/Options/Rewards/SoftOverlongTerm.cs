using System.ComponentModel.DataAnnotations;

namespace Pipeline.Protocol.Options;

/// <summary>
/// 0 up to <c>limit - margin</c> tokens, then falling linearly to -1 at the limit. Soft over-long punishment, DAPO
/// (arXiv:2503.14476), equation 13: limit 20,480, margin 4,096.
/// </summary>
public sealed record SoftOverlongTerm : RewardTermOptions
{
    /// <summary>Tokens; the most a completion should have, usually <c>sampling.max_tokens</c>.</summary>
    [Range(1, 1 << 20)] public required int Limit { get; init; }

    /// <summary>Tokens before the limit from which the punishment grows.</summary>
    [Range(1, 1 << 20)] public required int Margin { get; init; }
}
