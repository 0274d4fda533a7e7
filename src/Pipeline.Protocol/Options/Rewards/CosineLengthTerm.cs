using System.ComponentModel.DataAnnotations;

namespace Pipeline.Protocol.Options;

/// <summary>
/// A score by correctness and length that goes along half a cosine from one length to the other: right answers are worth more when
/// short, wrong ones cost less when long (arXiv:2502.03373, section 4). In place of accuracy.
/// </summary>
public sealed record CosineLengthTerm : RewardTermOptions
{
    /// <summary>Tokens at which the cosine ends, usually <c>sampling.max_tokens</c>.</summary>
    [Range(1, 1 << 20)] public required int Limit { get; init; }

    /// <summary>Of a right answer of no length. Default 2, as in the paper.</summary>
    [Range(-1000.0, 1000.0)] public double RightShort { get; init; } = 2;

    /// <summary>Of a right answer of full length. Default 1, as in the paper.</summary>
    [Range(-1000.0, 1000.0)] public double RightLong { get; init; } = 1;

    /// <summary>Of a wrong answer of no length. Default -10, as in the paper.</summary>
    [Range(-1000.0, 1000.0)] public double WrongShort { get; init; } = -10;

    /// <summary>Of a wrong answer of full length. Default 0, as in the paper.</summary>
    [Range(-1000.0, 1000.0)] public double WrongLong { get; init; }

    /// <summary>Of whatever reaches the limit, since it was cut off. Default -10, as in the paper.</summary>
    [Range(-1000.0, 1000.0)] public double AtLimit { get; init; } = -10;
}
