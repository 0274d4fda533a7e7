using System.ComponentModel.DataAnnotations;

namespace Pipeline.Protocol.Options;

/// <summary>Minus the share of n-grams that occurred before.</summary>
public sealed record RepetitionTerm : RewardTermOptions
{
    /// <summary>Length of the n-gram, in words. Default 4.</summary>
    [Range(1, 100)] public int Ngram { get; init; } = 4;
}
