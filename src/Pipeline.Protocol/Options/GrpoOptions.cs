using System.ComponentModel.DataAnnotations;

namespace Pipeline.Protocol.Options;

/// <summary>Reinforcement learning with group-relative advantages: GRPO (DeepSeekMath arXiv:2402.03300, R1 arXiv:2501.12948 eq. 1-3).</summary>
/// <remarks>In the paper: learning rate 3e-6, 32 prompts x 16 completions a step, KL 0.001, reference replaced every 400 steps.</remarks>
public sealed record GrpoOptions : OptimizerOptions
{
    /// <summary>Rollout steps: each samples, scores and updates. Default 100.</summary>
    [Range(1, int.MaxValue)] public int Steps { get; init; } = 100;

    /// <summary>Distinct prompts a step. Default 32, as in the paper.</summary>
    [Range(1, 65536)] public int PromptsPerStep { get; init; } = 32;

    /// <summary>Completions a prompt. Default 16, as in the paper.</summary>
    [Range(2, 4096)] public int GroupSize { get; init; } = 16;

    /// <summary>How completions are sampled.</summary>
    public SamplingOptions Sampling { get; init; } = new();

    /// <summary>The terms of the reward. Default accuracy and format, equal weight, as for R1-Zero.</summary>
    [MinLength(1)]
    public IReadOnlyList<RewardTerm> Rewards { get; init; } = [new() { Accuracy = new() }, new() { Format = new() }];

    /// <summary>Optimizer steps a rollout step, each on a random part of its completions. Default 1; the paper has 16 a rollout of 8,192.</summary>
    [Range(1, 1024)] public int MiniBatches { get; init; } = 1;

    /// <summary>Completions a forward pass. Affects memory and speed only. Default 64.</summary>
    [Range(1, 65536)] public int MicroBatchSize { get; init; } = 64;

    /// <summary>How far an update may lower a token's probability: the ratio is held above 1 - low. Default 0.2.</summary>
    [Range(0.0, 1.0)] public double ClipLow { get; init; } = 0.2;

    /// <summary>How far it may raise it: the ratio is held below 1 + high. Default 0.2; 0.28 in DAPO (arXiv:2503.14476), 10 in the paper.</summary>
    [Range(0.0, 1000.0)] public double ClipHigh { get; init; } = 0.2;

    /// <summary>Weight of the KL to the reference. Default 0.001, as in the paper; 0 keeps no reference in memory.</summary>
    [Range(0.0, 1000.0)] public double KlCoefficient { get; init; } = 0.001;

    /// <summary>Estimator of the KL. Default k3, as in the paper (eq. 2).</summary>
    public KlEstimator KlEstimator { get; init; } = KlEstimator.K3;

    /// <summary>Steps after which the reference becomes the policy. Default 400, as in the paper; 0 for never.</summary>
    [Range(0, int.MaxValue)] public int ReferenceEvery { get; init; } = 400;

    /// <summary>What a reward's distance from the group's mean is divided by. Default the group's standard deviation.</summary>
    public AdvantageScale AdvantageScale { get; init; } = AdvantageScale.Group;

    /// <summary>What the tokens' losses are averaged over. Default each completion first, as in the paper (eq. 1).</summary>
    public LossMean LossMean { get; init; } = LossMean.Sequence;

    /// <summary>Evaluation on held-out prompts while training. Default none.</summary>
    public EvaluateOptions? Evaluate { get; init; }
}

/// <summary>Estimators of KL(policy, reference) from one sample, with r = reference / policy (Schulman, 2020).</summary>
public enum KlEstimator
{
    /// <summary>-log r: unbiased, can be negative.</summary>
    K1,

    /// <summary>(log r)² / 2: biased, never negative.</summary>
    K2,

    /// <summary>r - log r - 1: unbiased, never negative.</summary>
    K3,
}

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

/// <summary>What the tokens' losses are averaged over.</summary>
public enum LossMean
{
    /// <summary>Each completion's tokens, then the completions (GRPO).</summary>
    Sequence,

    /// <summary>All tokens of the batch (DAPO, arXiv:2503.14476).</summary>
    Token,
}
