using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Pipeline.Training.Models;

/// <summary>
/// The decoder shared by language models and reward models: embedding, layers, final norm. Rows are padded on the
/// right, so that causal attention alone keeps real tokens from seeing padding and no mask is needed; what stands
/// at padded positions means nothing.
/// </summary>
public sealed class Transformer : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "embed_tokens")] private readonly TokenEmbedding _embedding;
    [ComponentName(Name = "layers")] private readonly ModuleList<DecoderLayer> _layers;
    [ComponentName(Name = "norm")] private readonly RmsNorm _finalNorm;
    private readonly RotaryEmbedding _rotary;

    internal Transformer(ModelConfig config, Device device) : base(nameof(Transformer))
    {
        Config = config.Validate();
        _embedding = new(config.VocabSize, config.HiddenSize, device);
        _layers = new([.. Enumerable.Range(0, config.Layers).Select(_ => new DecoderLayer(config, device))]);
        _finalNorm = new(config.HiddenSize, config.RmsNormEpsilon, device);
        _rotary = new(config.HeadDim, config.RopeTheta, config.RopeScaling, device);
        RegisterComponents();
    }

    /// <summary>The shape.</summary>
    public ModelConfig Config { get; }

    internal TokenEmbedding Embedding => _embedding;
    internal IReadOnlyList<DecoderLayer> Layers => [.. _layers];
    internal RmsNorm FinalNorm => _finalNorm;
    internal RotaryEmbedding Rotary => _rotary;

    /// <param name="tokens">[batch, seq], int64, padded on the right with any id of the vocabulary.</param>
    /// <returns>[batch, seq, hidden], after the final norm.</returns>
    /// <exception cref="TrainingException">seq is above <see cref="ModelConfig.MaxPositions"/>.</exception>
    public override Tensor forward(Tensor tokens)
    {
        using var scope = NewDisposeScope();
        var seq = tokens.shape[1];
        RequirePositions(seq);
        var (cos, signedSin) = _rotary.For(seq);
        var hiddenStates = _embedding.call(tokens);
        foreach (var layer in _layers) hiddenStates = layer.call(hiddenStates, cos, signedSin);
        return _finalNorm.call(hiddenStates).MoveToOuterDisposeScope();
    }

    internal void RequirePositions(long positions)
    {
        if (positions > Config.MaxPositions)
            throw new TrainingException(TrainingErrors.SequenceTooLong,
                $"A row has {positions} tokens, but the model has {Config.MaxPositions} positions (max_position_embeddings). Shorten the prompt or the completion.");
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _rotary.Dispose();
        base.Dispose(disposing);
    }
}
