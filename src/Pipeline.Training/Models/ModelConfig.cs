namespace Pipeline.Training.Models;

/// <summary>The shape of a decoder of the Llama family; what Hugging Face calls <c>config.json</c>.</summary>
public sealed record ModelConfig
{
    /// <summary>Whose layout of weights it is. Default <see cref="ModelFamily.Llama"/>.</summary>
    public ModelFamily Family { get; init; } = ModelFamily.Llama;

    /// <summary>Rows of the embedding; token ids are below it.</summary>
    public required int VocabSize { get; init; }

    /// <summary>Width of the residual stream.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>Width of the gated feed-forward layer.</summary>
    public required int IntermediateSize { get; init; }

    /// <summary>Number of decoder layers.</summary>
    public required int Layers { get; init; }

    /// <summary>Query heads of a layer.</summary>
    public required int Heads { get; init; }

    /// <summary>Key and value heads of a layer, each shared by Heads / KeyValueHeads query heads. Default: <see cref="Heads"/>.</summary>
    public int KeyValueHeads { get => field == 0 ? Heads : field; init; }

    /// <summary>Width of one head; Heads * HeadDim need not be HiddenSize. Default: HiddenSize / Heads.</summary>
    public int HeadDim { get => field == 0 ? HiddenSize / Math.Max(Heads, 1) : field; init; }

    /// <summary>Added to the mean square in RMSNorm. Default 1e-6.</summary>
    public double RmsNormEpsilon { get; init; } = 1e-6;

    /// <summary>Base of the rotary embedding's wave lengths. Default 10,000.</summary>
    public double RopeTheta { get; init; } = 10_000;

    /// <summary>Stretches the wave lengths for long rows. Default none.</summary>
    public RopeScaling? RopeScaling { get; init; }

    /// <summary>Longest row in tokens, prompt and completion together. Default 2,048.</summary>
    public int MaxPositions { get; init; } = 2_048;

    /// <summary>The output head is the embedding itself. Default true.</summary>
    public bool TieEmbeddings { get; init; } = true;

    /// <summary>Standard deviation of the first weights. Default 0.02, as in Llama and Qwen2; narrow models want more.</summary>
    public double InitializerRange { get; init; } = 0.02;

    /// <summary>Query, key and value projections have a bias; so in Qwen2.</summary>
    public bool AttentionBias => Family == ModelFamily.Qwen2;

    /// <summary>Each head's queries and keys are normalized before they are turned; so in Qwen3.</summary>
    public bool QueryKeyNorm => Family == ModelFamily.Qwen3;

    /// <exception cref="TrainingException">A size is not positive, or sizes do not fit one another.</exception>
    public ModelConfig Validate()
    {
        Positive(VocabSize, "vocab_size");
        Positive(HiddenSize, "hidden_size");
        Positive(IntermediateSize, "intermediate_size");
        Positive(Layers, "num_hidden_layers");
        Positive(Heads, "num_attention_heads");
        Positive(KeyValueHeads, "num_key_value_heads");
        Positive(HeadDim, "head_dim");
        Positive(MaxPositions, "max_position_embeddings");
        if (Heads % KeyValueHeads != 0)
            throw Bad($"num_attention_heads is {Heads}, which is not a multiple of num_key_value_heads, {KeyValueHeads}.");
        if (HeadDim % 2 != 0)
            throw Bad($"head_dim is {HeadDim}; the rotary embedding turns pairs, so it must be even.");
        RopeScaling?.Validate();
        return this;
    }

    private static void Positive(int value, string name)
    {
        if (value <= 0) throw Bad($"{name} is {value}; it must be positive.");
    }

    private static TrainingException Bad(string message) => new(TrainingErrors.BadConfig, "Model configuration: " + message);
}
