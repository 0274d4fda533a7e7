using System.ComponentModel.DataAnnotations;

namespace Pipeline.Protocol.Options;

/// <summary>Pretraining of a small base model from nothing: next-token cross-entropy on packed text.</summary>
public sealed record PretrainOptions : OptimizerOptions
{
    /// <summary>The model's shape.</summary>
    public ModelShape Shape { get; init; } = new();

    /// <summary>Optimizer steps. Default 1,000.</summary>
    [Range(1, int.MaxValue)] public int Steps { get; init; } = 1000;

    /// <summary>Sequences an optimizer step. Default 64.</summary>
    [Range(1, 65536)] public int BatchSize { get; init; } = 64;

    /// <summary>Length of a packed sequence, in tokens. Default 128.</summary>
    [Range(2, 1 << 24)] public int SequenceLength { get; init; } = 128;

    /// <summary>Evaluation on held-out prompts while training. Default none.</summary>
    public EvaluateOptions? Evaluate { get; init; }
}
