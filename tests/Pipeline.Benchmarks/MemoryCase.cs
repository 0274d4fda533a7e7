using Pipeline.Training.Models;

namespace Pipeline.Benchmarks;

/// <summary>A training step whose memory is measured.</summary>
/// <param name="Name">Its name on the command line and in the file of measurements.</param>
/// <param name="Model">The model's shape.</param>
/// <param name="Rows">Rows of a forward pass.</param>
/// <param name="Seq">Tokens of a row.</param>
/// <param name="Checkpointing">Whether layers are computed again in the backward pass.</param>
/// <param name="Rank">Rank of an adapter on all linear layers that learns in place of the weights; null: all weights learn.</param>
internal sealed record MemoryCase(string Name, ModelConfig Model, int Rows, int Seq, bool Checkpointing, int? Rank = null)
{
    /// <summary>Chosen so that in each something else is the largest part.</summary>
    public static IReadOnlyList<MemoryCase> All { get; } =
    [
        new("checkpointing", Shape(20_000, 768, 2_048, 12, 12, 12), Rows: 8, Seq: 512, Checkpointing: true),
        new("adapter", Shape(20_000, 768, 2_048, 12, 12, 12), Rows: 8, Seq: 512, Checkpointing: true, Rank: 16),
        new("activations", Shape(8_000, 512, 1_408, 8, 8, 2), Rows: 16, Seq: 256, Checkpointing: false),
        new("weights", Shape(32_000, 1_024, 2_816, 8, 16, 4), Rows: 2, Seq: 128, Checkpointing: false),
        new("attention", Shape(8_000, 512, 1_408, 6, 8, 8), Rows: 4, Seq: 1_024, Checkpointing: false),
        new("vocabulary", Shape(100_000, 512, 1_408, 4, 8, 4, tied: false), Rows: 4, Seq: 256, Checkpointing: false),
        new("deep", Shape(8_000, 384, 1_024, 24, 6, 2), Rows: 32, Seq: 256, Checkpointing: true),
        new("adapter_activations", Shape(20_000, 768, 2_048, 6, 12, 4), Rows: 4, Seq: 512, Checkpointing: false, Rank: 8),
    ];

    private static ModelConfig Shape(int vocab, int hidden, int intermediate, int layers, int heads, int kvHeads, bool tied = true) => new()
    {
        VocabSize = vocab, HiddenSize = hidden, IntermediateSize = intermediate, Layers = layers, Heads = heads, KeyValueHeads = kvHeads,
        TieEmbeddings = tied, MaxPositions = 2_048,
    };
}
