using System.ComponentModel.DataAnnotations;

namespace Pipeline.Protocol.Options;

/// <summary>From the rewards of a step to its loss: exactly one of these is set.</summary>
[ExactlyOne]
public sealed record PolicyAlgorithm
{
    /// <summary>Each completion's tokens are averaged, then the completions (DeepSeekMath arXiv:2402.03300, eq. 3).</summary>
    public GrpoAlgorithm? Grpo { get; init; }

    /// <summary>Every token of the step counts the same (DAPO arXiv:2503.14476, eq. 8).</summary>
    public DapoAlgorithm? Dapo { get; init; }

    /// <summary>Sums over tokens divided by a constant, advantages not divided by a deviation (Dr. GRPO arXiv:2503.20783).</summary>
    public DrGrpoAlgorithm? DrGrpo { get; init; }

    /// <summary>One ratio a completion, the geometric mean over its tokens (GSPO arXiv:2507.18071).</summary>
    public GspoAlgorithm? Gspo { get; init; }

    /// <summary>REINFORCE on whole completions against the mean of the others (RLOO arXiv:2402.14740).</summary>
    public RlooAlgorithm? Rloo { get; init; }

    /// <summary>The algorithm that is set.</summary>
    /// <exception cref="InvalidOperationException">None or several are set.</exception>
    public PolicyAlgorithmOptions Set() =>
        new PolicyAlgorithmOptions?[] { Grpo, Dapo, DrGrpo, Gspo, Rloo }.OfType<PolicyAlgorithmOptions>().ToArray() is [var only]
            ? only
            : throw new InvalidOperationException("An algorithm is exactly one.");
}

/// <summary>What every algorithm has: how far an update may move the policy.</summary>
public abstract record PolicyAlgorithmOptions
{
    /// <summary>How far an update may lower a probability: the ratio is held above 1 - low. Default 0.2; of gspo 3e-4.</summary>
    [Range(0.0, 1.0)] public double ClipLow { get; init; } = 0.2;

    /// <summary>How far it may raise it: the ratio is held below 1 + high. Default 0.2, of dapo 0.28, of gspo 4e-4; 10 in the paper.</summary>
    [Range(0.0, 1000.0)] public double ClipHigh { get; init; } = 0.2;

    /// <summary>Bound on the ratio of a bad token that has become likely, above 1. Default none; 3 in dual-clip PPO (arXiv:1912.09729).</summary>
    [Range(1.0, 1000.0)] public double? DualClip { get; init; }
}

/// <summary>An algorithm that leaves open what advantages are divided by.</summary>
public abstract record ScaledAlgorithmOptions : PolicyAlgorithmOptions
{
    /// <summary>What a reward's distance from the group's mean is divided by. Default the group's standard deviation.</summary>
    public AdvantageScale AdvantageScale { get; init; } = AdvantageScale.Group;
}

/// <summary>GRPO as in the paper: a mean over each completion's tokens, then over completions.</summary>
public sealed record GrpoAlgorithm : ScaledAlgorithmOptions;

/// <summary>DAPO's loss: a mean over all tokens of the step.</summary>
public sealed record DapoAlgorithm : ScaledAlgorithmOptions
{
    /// <summary>Clip-higher, as in the paper.</summary>
    public DapoAlgorithm() => ClipHigh = 0.28;
}

/// <summary>Dr. GRPO: no division by a completion's own length or by a group's deviation.</summary>
public sealed record DrGrpoAlgorithm : PolicyAlgorithmOptions
{
    /// <summary>The constant that sums over tokens are divided by. Default <c>sampling.max_tokens</c>, as in the paper.</summary>
    [Range(1, int.MaxValue)] public int? Length { get; init; }
}

/// <summary>GSPO: what is clipped is a whole completion's ratio, which moves far less than a token's.</summary>
public sealed record GspoAlgorithm : ScaledAlgorithmOptions
{
    /// <summary>Bounds as in the paper.</summary>
    public GspoAlgorithm() => (ClipLow, ClipHigh) = (3e-4, 4e-4);
}

/// <summary>RLOO: the baseline of a completion is the mean of the others.</summary>
public sealed record RlooAlgorithm : PolicyAlgorithmOptions;

/// <summary>What a reward's distance from the group's mean is divided by.</summary>
public enum AdvantageScale
{
    /// <summary>The group's standard deviation (GRPO).</summary>
    Group,

    /// <summary>The batch's standard deviation (REINFORCE++, arXiv:2501.03262).</summary>
    Batch,

    /// <summary>Nothing (Dr. GRPO, arXiv:2503.20783).</summary>
    None,
}
