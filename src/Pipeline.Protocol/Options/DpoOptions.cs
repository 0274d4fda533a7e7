using System.ComponentModel.DataAnnotations;

namespace Pipeline.Protocol.Options;

/// <summary>Direct preference optimization (arXiv:2305.18290): learns from chosen and rejected answers without a reward model and without sampling.</summary>
/// <remarks>Not part of the R1 recipe. In the DPO paper: beta 0.1, learning rate 1e-6, batch 64.</remarks>
public sealed record DpoOptions : FineTuningOptions
{
    /// <summary>How strongly the policy is held to the model it began as. Default 0.1.</summary>
    [Range(1e-6, 100.0)] public double Beta { get; init; } = 0.1;

    /// <summary>Share of the pairs that is taken to be labelled the wrong way round (conservative DPO). Default 0.</summary>
    [Range(0.0, 0.49)] public double LabelSmoothing { get; init; }

    /// <summary>Passes over the dataset. Default 1.</summary>
    [Range(1, 1000)] public int Epochs { get; init; } = 1;

    /// <summary>Pairs an optimizer step. Default 64.</summary>
    [Range(1, 65536)] public int BatchSize { get; init; } = 64;

    /// <summary>Pairs a forward pass. Affects memory and speed only. Default 32.</summary>
    [Range(1, 65536)] public int MicroBatchSize { get; init; } = 32;

    /// <summary>Longest conversation, in tokens; a pair with a longer one is dropped and counted. Default 256.</summary>
    [Range(2, 1 << 24)] public int MaxLength { get; init; } = 256;

    /// <summary>Share of the pairs that is held out to measure accuracy. Default 0.1.</summary>
    [Range(0.0, 0.9)] public double HeldOut { get; init; } = 0.1;

    /// <summary>Evaluation on held-out prompts while training. Default none.</summary>
    public EvaluateOptions? Evaluate { get; init; }
}
