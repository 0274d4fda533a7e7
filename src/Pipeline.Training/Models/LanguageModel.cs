using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Pipeline.Training.Models;

/// <summary>
/// A decoder that predicts the next token. Hidden states and scores are apart, because [batch, seq, vocab] scores
/// exhaust memory before the weights do: losses take the hidden states and make the scores in chunks.
/// </summary>
public sealed class LanguageModel : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "model")] private readonly Transformer _transformer;
    [ComponentName(Name = "lm_head")] private readonly Projection? _head;

    /// <param name="config">The shape.</param>
    /// <param name="seed">Of the first weights; the same seed gives the same weights. Null leaves the matrices zero, for weights that are read later.</param>
    /// <param name="device">Default: the CPU.</param>
    public LanguageModel(ModelConfig config, ulong? seed, Device? device = null) : base(nameof(LanguageModel))
    {
        device ??= CPU;
        _transformer = new(config, device);
        _head = config.TieEmbeddings ? null : new(config.HiddenSize, config.VocabSize, bias: false, device);
        RegisterComponents();
        WeightInitialization.Fill(this, seed, Config.InitializerRange);
    }

    /// <summary>The shape.</summary>
    public ModelConfig Config => _transformer.Config;

    /// <summary>The decoder.</summary>
    public Transformer Transformer => _transformer;

    /// <summary>[vocab, hidden]: the output head, which is the embedding itself if they are tied.</summary>
    public Parameter OutputWeight => _head?.Weight ?? _transformer.Embedding.Weight;

    /// <param name="tokens">[batch, seq], int64, padded on the right.</param>
    /// <param name="documents">Where rows are packed, see <see cref="Models.Transformer.forward"/>.</param>
    /// <returns>[batch, seq, hidden]; position t is what the prediction of token t + 1 is made from.</returns>
    public Tensor HiddenStates(Tensor tokens, Tensor? documents = null) => _transformer.call(tokens, documents);

    /// <param name="tokens">[batch, seq], int64, padded on the right.</param>
    /// <returns>[batch, seq, vocab].</returns>
    public override Tensor forward(Tensor tokens)
    {
        using var hiddenStates = HiddenStates(tokens);
        return nn.functional.linear(hiddenStates, OutputWeight);
    }
}
