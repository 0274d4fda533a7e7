using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Pipeline.Training.Models;

/// <summary>Attention and feed-forward, each on a normalized copy of the residual stream and added back to it.</summary>
internal sealed class DecoderLayer : nn.Module<Tensor, SequenceLayout, Tensor>
{
    [ComponentName(Name = "input_layernorm")] private readonly RmsNorm _attentionNorm;
    [ComponentName(Name = "self_attn")] private readonly Attention _attention;
    [ComponentName(Name = "post_attention_layernorm")] private readonly RmsNorm _feedForwardNorm;
    [ComponentName(Name = "mlp")] private readonly FeedForward _feedForward;

    public DecoderLayer(ModelConfig config, Device device) : base(nameof(DecoderLayer))
    {
        _attentionNorm = new(config.HiddenSize, config.RmsNormEpsilon, device);
        _attention = new(config, device);
        _feedForwardNorm = new(config.HiddenSize, config.RmsNormEpsilon, device);
        _feedForward = new(config, device);
        RegisterComponents();
    }

    public RmsNorm AttentionNorm => _attentionNorm;
    public Attention Attention => _attention;
    public RmsNorm FeedForwardNorm => _feedForwardNorm;
    public FeedForward FeedForward => _feedForward;

    /// <param name="hiddenStates">[batch, seq, hidden], float32.</param>
    /// <param name="layout">Positions and mask, and the type that is computed with between the norms and the sums.</param>
    /// <returns>[batch, seq, hidden], float32.</returns>
    public override Tensor forward(Tensor hiddenStates, SequenceLayout layout)
    {
        using var scope = NewDisposeScope();
        var attended = hiddenStates + _attention.call(_attentionNorm.call(hiddenStates).to(layout.ComputeType), layout);
        return (attended + _feedForward.call(_feedForwardNorm.call(attended).to(layout.ComputeType))).MoveToOuterDisposeScope();
    }
}
