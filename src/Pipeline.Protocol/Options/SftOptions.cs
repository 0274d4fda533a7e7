using System.ComponentModel.DataAnnotations;

namespace Pipeline.Protocol.Options;

/// <summary>Supervised fine-tuning: cross-entropy on the completion tokens of chat rows.</summary>
/// <remarks>Cold start in the paper: 2-3 epochs, cosine 5e-5 to 5e-6, batch 128.</remarks>
public record SftOptions : FineTuningOptions
{
    /// <summary>Passes over the dataset. Default 2.</summary>
    [Range(1, 1000)] public int Epochs { get; init; } = 2;

    /// <summary>Ends after this many optimizer steps even if epochs are left. Default none.</summary>
    [Range(1, int.MaxValue)] public int? MaxSteps { get; init; }

    /// <summary>Rows an optimizer step. Default 128.</summary>
    [Range(1, 65536)] public int BatchSize { get; init; } = 128;

    /// <summary>
    /// Lays rows end to end, up to <see cref="MaxLength"/> tokens, each with positions and attention of its own: the same
    /// gradients with less padding, at its best where lengths differ much. Default false.
    /// </summary>
    public bool Packing { get; init; }

    /// <summary>Rows a forward pass, packed ones where there are; gradients add up to <see cref="BatchSize"/>. Affects memory and speed only. Default 64.</summary>
    [Range(1, 65536)] public int MicroBatchSize { get; init; } = 64;

    /// <summary>Longest row, in tokens; a longer one is dropped and counted. Default 256.</summary>
    [Range(2, 1 << 24)] public int MaxLength { get; init; } = 256;

    /// <summary>How conversations are written, in place of the model's own template; the trained model carries it. Default the model's own.</summary>
    public ChatTemplateName? ChatTemplate { get; init; }

    /// <summary>Evaluation on held-out prompts while training. Default none.</summary>
    public EvaluateOptions? Evaluate { get; init; }
}

/// <summary>Distillation: as in the paper plain SFT of a smaller model on the curated rows, no RL; or by the teacher's distribution as well.</summary>
/// <remarks>In the paper: 2-3 epochs, cosine to one tenth, batch 64.</remarks>
public sealed record DistillationOptions : SftOptions
{
    /// <summary>The student's shape, where it starts from nothing; leave out where the input <c>model</c> is given.</summary>
    public ModelShape? Student { get; init; }

    /// <summary>
    /// Learns the whole distribution of the input <c>teacher</c> over each next token, not its text alone. Both must have the same
    /// vocabulary. Default none: as in the paper.
    /// </summary>
    public LogitOptions? Logits { get; init; }
}
