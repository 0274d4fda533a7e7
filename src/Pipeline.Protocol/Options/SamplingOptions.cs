using System.ComponentModel.DataAnnotations;

namespace Pipeline.Protocol.Options;

/// <summary>How completions are sampled.</summary>
public sealed record SamplingOptions
{
    /// <summary>Divides the logits; 0 takes the likeliest token. Default 1, as in the paper's RL.</summary>
    [Range(0.0, 10.0)] public double Temperature { get; init; } = 1;

    /// <summary>Samples from the smallest set of tokens with this probability. Default 1, all of them.</summary>
    [Range(0.0, 1.0)] public double TopP { get; init; } = 1;

    /// <summary>Samples from so many of the likeliest tokens. Default 0: from all.</summary>
    [Range(0, 1 << 20)] public int TopK { get; init; }

    /// <summary>Samples from tokens at least this share as likely as the likeliest (arXiv:2407.01082). Default 0: from all.</summary>
    [Range(0.0, 1.0)] public double MinP { get; init; }

    /// <summary>
    /// Divides positive logits, and multiplies negative ones, of tokens that occurred in prompt or completion (CTRL,
    /// arXiv:1909.05858). Default 1: nothing; above 1 against repetition.
    /// </summary>
    [Range(0.01, 100.0)] public double RepetitionPenalty { get; init; } = 1;

    /// <summary>Texts that end a completion as an end token does; they stay part of it. Default none.</summary>
    public IReadOnlyList<string> Stop { get; init; } = [];

    /// <summary>Longest completion, in tokens; one that reaches it is truncated. Default 64.</summary>
    [Range(1, 1 << 20)] public int MaxTokens { get; init; } = 64;

    /// <summary>Completions sampled at once. Affects memory and speed only. Default 256.</summary>
    [Range(1, 65536)] public int BatchSize { get; init; } = 256;
}
