using System.ComponentModel.DataAnnotations;

namespace Pipeline.Protocol.Options;

/// <summary>How completions are sampled.</summary>
public sealed record SamplingOptions
{
    /// <summary>Divides the logits; 0 takes the likeliest token. Default 1, as in the paper's RL.</summary>
    [Range(0.0, 10.0)] public double Temperature { get; init; } = 1;

    /// <summary>Samples from the smallest set of tokens with this probability. Default 1, all of them.</summary>
    [Range(0.0, 1.0)] public double TopP { get; init; } = 1;

    /// <summary>Longest completion, in tokens; one that reaches it is truncated. Default 64.</summary>
    [Range(1, 1 << 20)] public int MaxTokens { get; init; } = 64;

    /// <summary>Completions sampled at once. Affects memory and speed only. Default 256.</summary>
    [Range(1, 65536)] public int BatchSize { get; init; } = 256;
}
