using Pipeline.Training.Native;
using Pipeline.Training.Models.Lora;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Pipeline.Training.Models;

/// <summary>
/// The decoder shared by language models and reward models: embedding, layers, final norm. Rows are padded on the
/// right, so that causal attention alone keeps real tokens from seeing padding and no mask is needed; what stands
/// at padded positions means nothing.
/// </summary>
public sealed class Transformer : nn.Module<Tensor, Tensor?, Tensor>
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

    /// <summary>
    /// Keeps only the input of each layer for the backward pass, which computes the layer again: less memory for a third
    /// more time, the same gradients. Default false.
    /// </summary>
    public bool ActivationCheckpointing { get; set; }

    /// <summary>
    /// What matrix products and attention of the layers compute with. Default float32; with bfloat16 the weights are cast
    /// where they are used, and stay float32 like their gradients, the norms and the residual stream.
    /// </summary>
    public ScalarType ComputeType { get; set; } = ScalarType.Float32;

    /// <summary>Of the adapter in use, where it has one.</summary>
    internal LoraDropout? LoraDropout { get; set; }

    /// <param name="tokens">[batch, seq], int64, padded on the right with any id of the vocabulary.</param>
    /// <param name="documents">
    /// [batch, seq], int64: which document of its row each token belongs to, where several lie end to end; each is read as
    /// if it were alone. Null where a row is one document.
    /// </param>
    /// <returns>[batch, seq, hidden], after the final norm.</returns>
    /// <exception cref="TrainingException">seq is above <see cref="ModelConfig.MaxPositions"/>.</exception>
    public override Tensor forward(Tensor tokens, Tensor? documents)
    {
        if (is_grad_enabled()) UsedGraphs.Free(); // of the pass before
        using var scope = NewDisposeScope();
        var seq = tokens.shape[1];
        RequirePositions(seq);
        LoraDropout?.BeginPass();
        var layout = (documents is null ? SequenceLayout.Whole(_rotary, seq) : SequenceLayout.Packed(_rotary, documents)).As(ComputeType);
        var hiddenStates = _embedding.call(tokens);
        var recomputes = ActivationCheckpointing && is_grad_enabled();
        if (recomputes && !hiddenStates.requires_grad) hiddenStates.requires_grad_(); // a frozen embedding; the layers may learn all the same
        foreach (var layer in _layers)
            hiddenStates = recomputes ? Recomputed.Call(layer, hiddenStates, layout, LoraDropout) : layer.call(hiddenStates, layout);
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
