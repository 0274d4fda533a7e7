namespace Pipeline.Protocol.Stages;

/// <summary>The alarms that reinforcement learning raises; a <c>stop_when</c> may name one.</summary>
public static class AlarmCodes
{
    /// <summary>The policy hardly explores any more.</summary>
    public const string EntropyCollapse = "ENTROPY_COLLAPSE";

    /// <summary>All completions of each group score the same, so nothing is learnt.</summary>
    public const string NoSpread = "NO_SPREAD";

    /// <summary>Most completions meet the length limit, and did not at first.</summary>
    public const string LengthExplosion = "LENGTH_EXPLOSION";

    /// <summary>Sampler and trainer do not compute the same policy.</summary>
    public const string SamplerDivergence = "SAMPLER_DIVERGENCE";

    /// <summary>The reward rose while accuracy on held-out prompts fell.</summary>
    public const string RewardHacking = "REWARD_HACKING";

    /// <summary>The reward has not risen for long.</summary>
    public const string RewardFlat = "REWARD_FLAT";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } =
        [EntropyCollapse, NoSpread, LengthExplosion, SamplerDivergence, RewardHacking, RewardFlat];
}
