using System.ComponentModel.DataAnnotations;

namespace Pipeline.Protocol.Options;

/// <summary>Truncated importance sampling between the sampler's probabilities and the trainer's.</summary>
public sealed record ImportanceCorrectionOptions
{
    /// <summary>Largest weight. Default 2.</summary>
    [Range(1.0, 1000.0)] public double Cap { get; init; } = 2;

    /// <summary>What has one weight. Default a token.</summary>
    public ImportanceLevel Per { get; init; } = ImportanceLevel.Token;
}

/// <summary>What has an importance weight of its own.</summary>
public enum ImportanceLevel
{
    /// <summary>Each token: little variance, some bias.</summary>
    Token,

    /// <summary>Each completion, the product over its tokens: no bias but the cap's, and much variance.</summary>
    Sequence,
}

/// <summary>Dynamic sampling (DAPO arXiv:2503.14476, section 3.2): groups that all agree teach nothing, so others are sampled in their place.</summary>
public sealed record DynamicSamplingOptions
{
    /// <summary>Further rounds of sampling a step, at most; groups that agree even then stay. Default 3.</summary>
    [Range(1, 100)] public int MaxRounds { get; init; } = 3;
}

/// <summary>A curriculum by pass rate (Kimi k1.5 arXiv:2501.12599, section 2.3.4): prompts are left alone while the policy always solves them, or never.</summary>
/// <remarks>The pass rate is the policy's own when a prompt was last sampled; prompts without a ground truth have none and are always taken.</remarks>
public sealed record CurriculumOptions
{
    /// <summary>A prompt solved by a smaller share of its group is passed over. Default 0: none is too hard.</summary>
    [Range(0.0, 1.0)] public double MinPassRate { get; init; }

    /// <summary>A prompt solved by a larger share of its group is passed over. Default 0.9.</summary>
    [Range(0.0, 1.0)] public double MaxPassRate { get; init; } = 0.9;

    /// <summary>Epochs that it is passed over for, until it is tried again. Default 1.</summary>
    [Range(1, 1000)] public int Rest { get; init; } = 1;
}
