using Pipeline.Training.Models;
using static TorchSharp.torch;

namespace Pipeline.Training.Sampling;

/// <summary>
/// The matrix products of a decoder layer with those of one input joined into one, for <see cref="TensorDecoder"/>: at one
/// token per row a step is bound by the number of kernels, not by their size.
/// </summary>
/// <param name="layer">Whose weights are copied, so it must not change meanwhile.</param>
/// <param name="config">Its model's shape.</param>
internal sealed class FusedLayer(DecoderLayer layer, ModelConfig config) : IDisposable
{
    private readonly Tensor _queryKeyValue = Join(layer.Attention.Query, layer.Attention.Key, layer.Attention.Value);
    private readonly Tensor? _queryKeyValueBias = layer.Attention.Query.Bias is { } bias
        ? Join(bias, layer.Attention.Key.Bias!, layer.Attention.Value.Bias!) : null;
    private readonly Tensor? _headNorm = layer.Attention.QueryNorm is { } queryNorm // [heads + kvHeads, headDim]
        ? Join(queryNorm.Weight.expand(config.Heads, -1), layer.Attention.KeyNorm!.Weight.expand(config.KeyValueHeads, -1)) : null;
    private readonly Tensor _output = Merged(layer.Attention.Output);
    private readonly Tensor _down = Merged(layer.FeedForward.Down);
    private readonly Tensor _gateUp = Join(layer.FeedForward.Gate, layer.FeedForward.Up);

    /// <summary>[..., hidden] to [..., (heads + 2 * kvHeads) * headDim].</summary>
    public Tensor QueryKeyValue(Tensor hidden)
    {
        using var normalized = layer.AttentionNorm.call(hidden);
        return nn.functional.linear(normalized, _queryKeyValue, _queryKeyValueBias);
    }

    /// <summary>Queries and keys, side by side, as they are turned: normalized in Qwen3, elsewhere as they are.</summary>
    /// <param name="queryKey">[..., heads + kvHeads, headDim].</param>
    public Tensor NormalizeHeads(Tensor queryKey) =>
        _headNorm is null ? queryKey : RmsNorm.Of(queryKey, _headNorm, config.RmsNormEpsilon);

    /// <summary>[..., heads * headDim] to [..., hidden].</summary>
    public Tensor Output(Tensor context) => nn.functional.linear(context, _output);

    /// <summary>[..., hidden] to [..., hidden].</summary>
    public Tensor FeedForward(Tensor hidden)
    {
        using var scope = NewDisposeScope();
        var halves = nn.functional.linear(layer.FeedForwardNorm.call(hidden), _gateUp).chunk(2, -1);
        return nn.functional.linear(halves[0].silu_().mul_(halves[1]), _down).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        _queryKeyValue.Dispose();
        _output.Dispose();
        _down.Dispose();
        _queryKeyValueBias?.Dispose();
        _headNorm?.Dispose();
        _gateUp.Dispose();
    }

    private static Tensor Join(params Projection[] layers)
    {
        using var scope = NewDisposeScope();
        return cat([.. layers.Select(one => one.Merged())], 0).DetachFromDisposeScope();
    }

    /// <summary>A view of the weight, or a copy with an adapter's update in it.</summary>
    private static Tensor Merged(Projection layer) => layer.Adapter is null ? layer.Weight.alias().DetachFromDisposeScope() : layer.Merged().DetachFromDisposeScope();

    private static Tensor Join(params Tensor[] weights) => cat(weights, 0).DetachFromDisposeScope();
}
