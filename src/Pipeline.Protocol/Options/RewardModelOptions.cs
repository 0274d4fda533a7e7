using System.ComponentModel.DataAnnotations;

namespace Pipeline.Protocol.Options;

/// <summary>Trains a reward model: a language model with one score in place of the vocabulary (paper, section 2.3.4).</summary>
/// <remarks>In the paper: learning rate 6e-6, batch 256, 1 epoch; helpfulness from 66,000 pairs, safety from 106,000 labelled answers.</remarks>
public sealed record RewardModelOptions : FineTuningOptions
{
    /// <summary>What it learns from. Default pairs.</summary>
    public RewardObjective Objective { get; init; } = RewardObjective.Pairwise;

    /// <summary>Passes over the dataset. Default 1.</summary>
    [Range(1, 1000)] public int Epochs { get; init; } = 1;

    /// <summary>Pairs or rows an optimizer step. Default 64.</summary>
    [Range(1, 65536)] public int BatchSize { get; init; } = 64;

    /// <summary>Longest text, in tokens; a longer one is dropped and counted. Default 256.</summary>
    [Range(2, 1 << 24)] public int MaxLength { get; init; } = 256;

    /// <summary>Share of the rows that is held out to measure accuracy. Default 0.1.</summary>
    [Range(0.0, 0.9)] public double HeldOut { get; init; } = 0.1;
}

/// <summary>What a reward model learns from.</summary>
public enum RewardObjective
{
    /// <summary>Chosen and rejected answers: -log sigmoid(chosen - rejected) (helpfulness).</summary>
    Pairwise,

    /// <summary>Labelled answers: cross-entropy of the label (safety).</summary>
    Pointwise,
}
