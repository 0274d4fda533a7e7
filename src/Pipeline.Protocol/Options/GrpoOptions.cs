using System.ComponentModel.DataAnnotations;

namespace Pipeline.Protocol.Options;

/// <summary>Reinforcement learning with group-relative advantages: GRPO (DeepSeekMath arXiv:2402.03300, R1 arXiv:2501.12948 eq. 1-3) and its family.</summary>
/// <remarks>In the paper: learning rate 3e-6, 32 prompts x 16 completions a step, KL 0.001, reference replaced every 400 steps.</remarks>
public sealed record GrpoOptions : FineTuningOptions
{
    /// <summary>Rollout steps: each samples, scores and updates. Default 100.</summary>
    [Range(1, int.MaxValue)] public int Steps { get; init; } = 100;

    /// <summary>Distinct prompts a step. Default 32, as in the paper.</summary>
    [Range(1, 65536)] public int PromptsPerStep { get; init; } = 32;

    /// <summary>Completions a prompt. Default 16, as in the paper.</summary>
    [Range(2, 4096)] public int GroupSize { get; init; } = 16;

    /// <summary>How conversations are written, in place of the model's own template; the trained model carries it. Default the model's own.</summary>
    public ChatTemplateName? ChatTemplate { get; init; }

    /// <summary>How completions are sampled; those of an evaluation have settings of their own, <c>evaluate.sampling</c>.</summary>
    public SamplingOptions Sampling { get; init; } = new();

    /// <summary>The terms of the reward. Default accuracy and format, equal weight, as for R1-Zero.</summary>
    [MinLength(1)]
    public IReadOnlyList<RewardTerm> Rewards { get; init; } = [new() { Accuracy = new() }, new() { Format = new() }];

    /// <summary>
    /// Whether each term is brought to mean 0 and standard deviation 1 before the weighted sum, and over what. Default not: the terms
    /// are added as they are, as in the paper.
    /// </summary>
    public RewardScale RewardScale { get; init; } = RewardScale.None;

    /// <summary>From rewards to a loss: exactly one. Default GRPO as in the paper.</summary>
    public PolicyAlgorithm Algorithm { get; init; } = new() { Grpo = new() };

    /// <summary>Parts that a step's completions are cut into at random, an optimizer step each. Default 1; the paper has 16 a rollout of 8,192.</summary>
    [Range(1, 1024)] public int MiniBatches { get; init; } = 1;

    /// <summary>Passes over a step's completions, each cut anew. Default 1, as in the paper.</summary>
    [Range(1, 64)] public int InnerEpochs { get; init; } = 1;

    /// <summary>Completions a forward pass. Affects memory and speed only. Default 64.</summary>
    [Range(1, 65536)] public int MicroBatchSize { get; init; } = 64;

    /// <summary>Weight of the KL to the reference. Default 0.001, as in the paper; 0 keeps no reference in memory.</summary>
    [Range(0.0, 1000.0)] public double KlCoefficient { get; init; } = 0.001;

    /// <summary>Estimator of the KL. Default k3, as in the paper (eq. 2).</summary>
    public KlEstimator KlEstimator { get; init; } = KlEstimator.K3;

    /// <summary>Where the KL is paid. Default in the loss, as in the paper.</summary>
    public KlPlace KlIn { get; init; } = KlPlace.Loss;

    /// <summary>How the reference follows the policy: exactly one. Default it becomes the policy every 400 steps, as in the paper.</summary>
    public ReferenceUpdate Reference { get; init; } = new() { Replace = new() };

    /// <summary>What a nat of the policy's entropy is worth in the loss. Default 0; in A3C 0.01 (arXiv:1602.01783).</summary>
    [Range(0.0, 100.0)] public double EntropyCoefficient { get; init; }

    /// <summary>
    /// Weighs tokens by policy / sampler, and clips against the policy before the step's updates instead of the sampler.
    /// Default none: the sampler computes the policy to 1e-6.
    /// </summary>
    public ImportanceCorrectionOptions? ImportanceCorrection { get; init; }

    /// <summary>Samples other prompts in place of those whose completions all score the same. Default none.</summary>
    public DynamicSamplingOptions? DynamicSampling { get; init; }

    /// <summary>Passes over prompts that are too easy or too hard by now. Default none.</summary>
    public CurriculumOptions? Curriculum { get; init; }

    /// <summary>Whether nothing is learnt from a completion that was cut off (DAPO's over-long filtering). It still counts in its group's mean. Default false.</summary>
    public bool MaskTruncated { get; init; }

    /// <summary>Words that tell reflection, for the share of completions with one at every step; no reward. Default as in an evaluation.</summary>
    public IReadOnlyList<string> ReflectionWords { get; init; } = EvaluationOptions.WordsOfReflection;

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

/// <summary>Over which completions a term of the reward is standardised.</summary>
public enum RewardScale
{
    /// <summary>Over none.</summary>
    None,

    /// <summary>Over the group, with advantage_scale batch this is GDPO (arXiv:2601.05242).</summary>
    Group,

    /// <summary>Over all completions of the step: a term that nearly agrees within a group is not blown up there.</summary>
    Batch,
}

/// <summary>Where the divergence from the reference is paid.</summary>
public enum KlPlace
{
    /// <summary>At each token, with a gradient of its own (GRPO).</summary>
    Loss,

    /// <summary>Taken off the completion's reward, summed over its tokens (PPO for language models, RLOO); enters the advantage.</summary>
    Reward,
}
