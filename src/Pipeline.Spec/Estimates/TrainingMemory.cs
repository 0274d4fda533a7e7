namespace Pipeline.Spec.Estimates;

/// <summary>
/// What training needs in memory, counted from what the layers of <c>src/Pipeline.Training</c> keep. Measured peaks on the CPU
/// (tests/Pipeline.Spec.Tests/Estimates) are up to 2.9 times as high, where it was looked into because malloc cannot use the holes
/// between its buffers again (src/Pipeline.Training/PERFORMANCE.md).
/// </summary>
/// <param name="Model">The model.</param>
/// <param name="Rows">Rows of a forward pass.</param>
/// <param name="Seq">Tokens of the longest row.</param>
public sealed record TrainingMemory(ModelSize Model, long Rows, long Seq)
{
    private const int Float = 4;

    /// <summary>.NET with libtorch before it has a model, measured.</summary>
    internal const double RuntimeBytes = 210e6;

    /// <summary>Scores are made for so many at once, and at least for <see cref="PositionsAtOnce"/> positions (ChunkedLogSoftmax).</summary>
    private const long ScoresAtOnce = 1 << 22;

    private const long PositionsAtOnce = 64;

    /// <summary>Tensors of scores in hand at once in its backward pass.</summary>
    private const int ScoreTensors = 4;

    /// <summary>Queries worked on at once by attention, and the longest rows it does so for (BlockedAttention).</summary>
    private const long Block = 128;

    private const long LongestBlocked = 1024;

    /// <summary>Whether layers are computed again in the backward pass.</summary>
    public bool Checkpointing { get; init; }

    /// <summary>Weights of the adapter that learns in place of the model's; 0: the model's own learn.</summary>
    public long Adapter { get; init; }

    /// <summary>Bytes of the numbers that layers compute with.</summary>
    public int ComputeBytes { get; init; } = Float;

    /// <summary>Models of the same size that are only asked, such as the reference.</summary>
    public int FrozenCopies { get; init; }

    /// <summary>The peak by parts.</summary>
    public MemoryParts Parts()
    {
        var learning = Adapter > 0 ? Adapter : Model.Parameters;
        return new MemoryParts(
            RuntimeBytes,
            Float * ((double)Model.Parameters * (1 + FrozenCopies) + Adapter),
            Float * learning,
            2.0 * Float * learning,
            Math.Max(ActivationBytes(), Float * learning), // AdamW has one tensor of their size in hand when the activations are gone
            ScoreBytes());
    }

    /// <summary>What of a layer the backward pass needs, in numbers a token.</summary>
    private double LayerNumbers()
    {
        var attention = Seq <= LongestBlocked
            ? 3 * Model.Query + 2 * Model.KeyValue + Model.Heads * Math.Min(Seq, (Seq + Block) / 2.0) // queries, context twice, keys, values, probabilities
            : 6 * Model.Query; // keys and values are repeated for every head, probabilities are computed again
        var norms = (Adapter > 0 ? 1 : 2) * 2 * Model.Hidden; // a frozen norm keeps no normalized input for its weight
        return norms + 2 * Model.Hidden + attention + 4 * Model.Intermediate;
    }

    private double ActivationBytes()
    {
        var tokens = (double)Rows * Seq;
        var layer = LayerNumbers() * ComputeBytes;
        var inHand = (3 * Model.Intermediate + 2 * Model.Hidden) * ComputeBytes; // gradients within the layer that is at work
        var kept = Checkpointing ? Model.Layers * Model.Hidden * Float + layer : Model.Layers * layer;
        return tokens * (kept + inHand + 5 * Model.Hidden * Float); // the last norm, and the states the scores are made of
    }

    private double ScoreBytes() => Model.Vocabulary == 0 ? 0
        : ScoreTensors * (double)Float * Math.Min(Rows * Seq, Math.Max(PositionsAtOnce, ScoresAtOnce / Model.Vocabulary)) * Model.Vocabulary
            + (Adapter > 0 ? 0 : (Model.TieEmbeddings ? 2 : 1) * (double)Float * Model.Head); // the head's gradient, and the embedding's, before they are added up
}
