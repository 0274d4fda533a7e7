using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Pipeline.Training.Models;

/// <summary>A decoder that gives one score to a whole row, read off its last real token: a reward model.</summary>
public sealed class SequenceClassifier : nn.Module<Tensor, Tensor, Tensor>
{
    internal const string ScoreName = "score";

    [ComponentName(Name = "model")] private readonly Transformer _transformer;
    [ComponentName(Name = ScoreName)] private readonly Projection _score;

    /// <param name="config">The shape.</param>
    /// <param name="seed">Of the first weights; the same seed gives the same weights. Null leaves the matrices zero, for weights that are read later.</param>
    /// <param name="device">Default: the CPU.</param>
    public SequenceClassifier(ModelConfig config, ulong? seed, Device? device = null) : base(nameof(SequenceClassifier))
    {
        device ??= CPU;
        _transformer = new(config, device);
        _score = new(config.HiddenSize, 1, bias: false, device);
        RegisterComponents();
        WeightInitialization.Fill(this, seed, Config.InitializerRange);
    }

    /// <summary>The shape.</summary>
    public ModelConfig Config => _transformer.Config;

    /// <summary>The decoder.</summary>
    public Transformer Transformer => _transformer;

    internal Projection Score => _score;

    /// <param name="tokens">[batch, seq], int64, padded on the right.</param>
    /// <param name="lengths">[batch], int64: real tokens of each row, at least 1.</param>
    /// <returns>[batch], one score per row.</returns>
    public override Tensor forward(Tensor tokens, Tensor lengths)
    {
        using var scope = NewDisposeScope();
        var hiddenStates = _transformer.call(tokens, null);                              // [batch, seq, hidden]
        var last = (lengths - 1).view(-1, 1, 1).expand(-1, 1, hiddenStates.shape[2]);    // [batch, 1, hidden]
        return _score.call(hiddenStates.gather(1, last).squeeze(1)).squeeze(-1).MoveToOuterDisposeScope();
    }
}
