namespace Pipeline.Training.Sampling;

/// <summary>How completions are drawn.</summary>
public sealed record SamplingOptions
{
    /// <summary>Divides the scores before they become probabilities; 0 takes the likeliest token. Default 1.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>Draws only from the likeliest tokens whose probabilities add up to this (nucleus sampling). Default 1: from all.</summary>
    public double TopP { get; init; } = 1;

    /// <summary>Draws only from so many of the likeliest tokens. Default 0: from all.</summary>
    public int TopK { get; init; }

    /// <summary>Draws only from tokens at least this share as likely as the likeliest (min-p, arXiv:2407.01082). Default 0: from all.</summary>
    public double MinP { get; init; }

    /// <summary>Divides positive scores and multiplies negative ones of tokens that have occurred (CTRL, arXiv:1909.05858). Default 1: neither.</summary>
    public double RepetitionPenalty { get; init; } = 1;

    /// <summary>Asked after each token whether the completion so far ends there, for texts that stop one. Default: none does.</summary>
    public Func<IReadOnlyList<int>, bool>? Stops { get; init; }

    /// <summary>Tokens after which a completion is cut off.</summary>
    public required int MaxNewTokens { get; init; }

    /// <summary>Each of these ends a completion and is its last token.</summary>
    public required IReadOnlyCollection<int> EosTokenIds { get; init; }

    /// <summary>With the row's number and the token's position, all that the random numbers depend on.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Rows that are sampled side by side. Default 256; it bounds memory and changes no completion but by rounding.</summary>
    public int BatchSize { get; init; } = 256;
}
