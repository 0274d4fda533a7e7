using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Pipeline.Training.Models;

/// <summary>Causal self-attention in which several query heads share one key and value head (GQA, arXiv:2305.13245).</summary>
internal sealed class Attention : nn.Module<Tensor, SequenceLayout, Tensor>
{
    // The attribute carries the checkpoint's name for the weight; the field keeps ours.
    [ComponentName(Name = "q_proj")] private readonly Projection _query;
    [ComponentName(Name = "k_proj")] private readonly Projection _key;
    [ComponentName(Name = "v_proj")] private readonly Projection _value;
    [ComponentName(Name = "o_proj")] private readonly Projection _output;
    [ComponentName(Name = "q_norm")] private readonly RmsNorm? _queryNorm;
    [ComponentName(Name = "k_norm")] private readonly RmsNorm? _keyNorm;
    private readonly int _heads, _kvHeads, _headDim;

    public Attention(ModelConfig config, Device device) : base(nameof(Attention))
    {
        (_heads, _kvHeads, _headDim) = (config.Heads, config.KeyValueHeads, config.HeadDim);
        _query = new(config.HiddenSize, _heads * _headDim, config.AttentionBias, device);
        _key = new(config.HiddenSize, _kvHeads * _headDim, config.AttentionBias, device);
        _value = new(config.HiddenSize, _kvHeads * _headDim, config.AttentionBias, device);
        _output = new(_heads * _headDim, config.HiddenSize, bias: false, device);
        if (config.QueryKeyNorm)
            (_queryNorm, _keyNorm) = (new(_headDim, config.RmsNormEpsilon, device), new(_headDim, config.RmsNormEpsilon, device));
        RegisterComponents();
    }

    public Projection Query => _query;
    public Projection Key => _key;
    public Projection Value => _value;
    public Projection Output => _output;
    public RmsNorm? QueryNorm => _queryNorm;
    public RmsNorm? KeyNorm => _keyNorm;

    /// <param name="hiddenStates">[batch, seq, hidden], padded on the right if at all.</param>
    /// <param name="layout">Positions and mask.</param>
    /// <returns>[batch, seq, hidden].</returns>
    public override Tensor forward(Tensor hiddenStates, SequenceLayout layout)
    {
        using var scope = NewDisposeScope();
        var query = RotaryEmbedding.Turn(Normalize(SplitHeads(_query.call(hiddenStates), _heads), _queryNorm), layout.Cos, layout.SignedSin);
        var key = RotaryEmbedding.Turn(Normalize(SplitHeads(_key.call(hiddenStates), _kvHeads), _keyNorm), layout.Cos, layout.SignedSin);
        var value = SplitHeads(_value.call(hiddenStates), _kvHeads);
        var context = BlockedAttention.IsFasterFor(query)
            ? BlockedAttention.Of(query, key, value, layout.Mask)
            : nn.functional.scaled_dot_product_attention(query, ShareHeads(key), ShareHeads(value), layout.Mask, is_casual: layout.Mask is null);
        return _output.call(MergeHeads(context)).MoveToOuterDisposeScope();
    }

    /// <summary>In float32, whatever the layers compute with: squares of bfloat16 lose too much.</summary>
    private static Tensor Normalize(Tensor heads, RmsNorm? norm) =>
        norm is null ? heads : norm.call(heads.to(ScalarType.Float32)).to(heads.dtype);

    /// <summary>[batch, seq, n * headDim] to [batch, n, seq, headDim].</summary>
    private Tensor SplitHeads(Tensor projected, long heads) =>
        projected.view(projected.shape[0], projected.shape[1], heads, _headDim).transpose(1, 2);

    /// <summary>[batch, heads, seq, headDim] to [batch, seq, heads * headDim].</summary>
    private Tensor MergeHeads(Tensor context) =>
        context.transpose(1, 2).reshape(context.shape[0], context.shape[2], (long)_heads * _headDim);

    /// <summary>[batch, kvHeads, seq, headDim] to [batch, heads, seq, headDim]: query head h reads key head h / (heads / kvHeads).</summary>
    private Tensor ShareHeads(Tensor shared) =>
        _heads == _kvHeads ? shared : shared.repeat_interleave(_heads / _kvHeads, dim: 1);
}
