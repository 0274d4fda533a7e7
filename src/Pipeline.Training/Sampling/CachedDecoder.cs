using Pipeline.Training.Models;
using static TorchSharp.torch;

namespace Pipeline.Training.Sampling;

// Axes used in this file:
//   prompts = distinct prompts of the batch
//   rows    = completions still being sampled; several may share a prompt
//   slots   = places in the cache: the prompts', padded on the right, then one for each new token

/// <summary>
/// The forward pass of a <see cref="LanguageModel"/> one token at a time, over a cache of keys and values. A new token
/// takes the same slot in every row, behind the longest prompt; as keys are stored turned to their own position, a
/// shorter prompt only leaves a gap that attention is told to skip.
/// </summary>
internal sealed class CachedDecoder : IDisposable
{
    private readonly LanguageModel _model;
    private readonly int _heads, _kvHeads, _headDim;
    private readonly FusedLayer[] _layers;
    private readonly Tensor[] _keys;   // per layer [rows, kvHeads, slots, headDim]
    private readonly Tensor[] _values; // per layer, likewise
    private Tensor? _gaps;             // [rows, 1, 1, slots]: 0, or minus infinity at padding; null if there is none
    private Tensor _positions;         // [rows], int64: of the next token
    private int _usedSlots;

    /// <summary>Runs the prompts through the model once each, and lays out the cache of all rows.</summary>
    /// <param name="model">Must not change while this is in use.</param>
    /// <param name="prompts">Distinct, none empty.</param>
    /// <param name="promptOfRow">Index into <paramref name="prompts"/> for each row.</param>
    /// <param name="newTokens">Slots to reserve.</param>
    /// <param name="lastHidden">[rows, hidden], in the caller's dispose scope: what the first new token is predicted from.</param>
    public CachedDecoder(LanguageModel model, IReadOnlyList<int[]> prompts, long[] promptOfRow, int newTokens, out Tensor lastHidden)
    {
        using var scope = NewDisposeScope();
        _model = model;
        var config = model.Config;
        (_heads, _kvHeads, _headDim) = (config.Heads, config.KeyValueHeads, config.HeadDim);
        _layers = [.. model.Transformer.Layers.Select(layer => new FusedLayer(layer, config))];

        var device = model.OutputWeight.device;
        var seq = prompts.Max(p => p.Length);
        var tokens = TokenBatch.Pad(prompts, seq, device);                                        // [prompts, seq]
        var lengths = tensor(prompts.Select(p => (long)p.Length).ToArray(), device: device);      // [prompts]
        var rows = tensor(promptOfRow, device: device);
        long[] cacheShape = [promptOfRow.Length, _kvHeads, seq + newTokens, _headDim];
        _keys = [.. _layers.Select(_ => empty(cacheShape, ScalarType.Float32, device).DetachFromDisposeScope())];
        _values = [.. _layers.Select(_ => empty(cacheShape, ScalarType.Float32, device).DetachFromDisposeScope())];
        _positions = lengths.index_select(0, rows).DetachFromDisposeScope();
        _usedSlots = seq;
        if (prompts.Any(p => p.Length < seq))
        {
            var isPadding = arange(seq, device: device).unsqueeze(0) >= _positions.unsqueeze(-1);  // [rows, seq]
            _gaps = zeros([promptOfRow.Length, seq + newTokens], ScalarType.Float32, device);
            _gaps.narrow(1, 0, seq).masked_fill_(isPadding, float.NegativeInfinity);
            _gaps = _gaps.view(promptOfRow.Length, 1, 1, seq + newTokens).DetachFromDisposeScope();
        }

        var (cos, signedSin) = model.Transformer.Rotary.For(seq);
        var hidden = Forward(tokens, cos.unsqueeze(1), signedSin.unsqueeze(1), (layer, query, key, value) =>
        {
            // [prompts, seq, n, headDim] to [prompts, n, seq, headDim]
            (query, key, value) = (query.transpose(1, 2), key.transpose(1, 2), value.transpose(1, 2));
            _keys[layer].narrow(2, 0, seq).copy_(key.index_select(0, rows));
            _values[layer].narrow(2, 0, seq).copy_(value.index_select(0, rows));
            var group = _heads / _kvHeads;
            var context = nn.functional.scaled_dot_product_attention(query,
                key.repeat_interleave(group, dim: 1), value.repeat_interleave(group, dim: 1), is_casual: true);
            return context.transpose(1, 2);
        });
        var last = (lengths - 1).view(-1, 1, 1).expand(-1, 1, hidden.shape[2]);
        lastHidden = hidden.gather(1, last).squeeze(1).index_select(0, rows).MoveToOuterDisposeScope();
    }

    /// <summary>Feeds every row its next token.</summary>
    /// <param name="tokens">[rows], int64.</param>
    /// <returns>[rows, hidden], after the final norm.</returns>
    public Tensor Step(Tensor tokens)
    {
        using var scope = NewDisposeScope();
        var (slot, rows) = (_usedSlots++, tokens.shape[0]);
        // Positions differ by row where the prompts' lengths do.
        var (cosTable, sinTable) = _model.Transformer.Rotary.For(_usedSlots);
        var cos = cosTable.index_select(0, _positions).view(rows, 1, 1, _headDim);
        var signedSin = sinTable.index_select(0, _positions).view(rows, 1, 1, _headDim);
        var gaps = _gaps?.narrow(3, 0, _usedSlots);
        var hidden = Forward(tokens.unsqueeze(-1), cos, signedSin, (layer, query, key, value) =>
        {
            _keys[layer].select(2, slot).copy_(key.squeeze(1));
            _values[layer].select(2, slot).copy_(value.squeeze(1));
            // The query heads that share a key head are laid along the axis where a query's positions would be.
            var grouped = query.reshape(rows * _kvHeads, _heads / _kvHeads, _headDim).mul_(1 / Math.Sqrt(_headDim));
            var scores = grouped.bmm(UsedSlots(_keys[layer]).transpose(1, 2));                     // [rows * kvHeads, group, slots]
            if (gaps is not null) scores.view(rows, _kvHeads, -1, _usedSlots).add_(gaps);
            return scores.softmax(-1).bmm(UsedSlots(_values[layer]));
        });
        _positions.add_(1);
        return hidden.squeeze(1).MoveToOuterDisposeScope();
    }

    /// <summary>[rows * kvHeads, used slots, headDim], a view.</summary>
    private Tensor UsedSlots(Tensor cache) => cache.view(-1, cache.shape[2], _headDim).narrow(1, 0, _usedSlots);

    /// <summary>Drops all rows but these.</summary>
    /// <param name="rows">[kept], int64, ascending.</param>
    public void Keep(Tensor rows)
    {
        for (var layer = 0; layer < _layers.Length; layer++)
        {
            Replace(ref _keys[layer]);
            Replace(ref _values[layer]);
        }
        Replace(ref _positions);
        if (_gaps is not null) Replace(ref _gaps);

        void Replace(ref Tensor tensor)
        {
            var kept = tensor.index_select(0, rows).DetachFromDisposeScope();
            tensor.Dispose();
            tensor = kept;
        }
    }

    public void Dispose()
    {
        foreach (var tensor in _keys.Concat(_values)) tensor.Dispose();
        foreach (var layer in _layers) layer.Dispose();
        _positions.Dispose();
        _gaps?.Dispose();
    }

    /// <param name="tokens">[batch, seq].</param>
    /// <param name="cos">Broadcasts against [batch, seq, heads, headDim].</param>
    /// <param name="signedSin">As <paramref name="cos"/>.</param>
    /// <param name="attend">From layer, query [batch, seq, heads, headDim], key and value [batch, seq, kvHeads, headDim] to a context that flattens to [batch, seq, heads * headDim].</param>
    /// <returns>[batch, seq, hidden].</returns>
    private Tensor Forward(Tensor tokens, Tensor cos, Tensor signedSin, Func<int, Tensor, Tensor, Tensor, Tensor> attend)
    {
        using var scope = NewDisposeScope();
        var (batch, seq) = (tokens.shape[0], tokens.shape[1]);
        var hidden = _model.Transformer.Embedding.call(tokens);
        for (var i = 0; i < _layers.Length; i++)
        {
            using var layerScope = NewDisposeScope();
            var layer = _layers[i];
            var projected = layer.QueryKeyValue(hidden).view(batch, seq, _heads + 2 * _kvHeads, _headDim);
            var turned = RotaryEmbedding.Turn(layer.NormalizeHeads(projected.narrow(2, 0, _heads + _kvHeads)), cos, signedSin);
            var context = attend(i, turned.narrow(2, 0, _heads), turned.narrow(2, _heads, _kvHeads),
                projected.narrow(2, _heads + _kvHeads, _kvHeads));
            hidden.add_(layer.Output(context.reshape(batch, seq, (long)_heads * _headDim)));
            hidden.add_(layer.FeedForward(hidden));
        }
        return _model.Transformer.FinalNorm.call(hidden).MoveToOuterDisposeScope();
    }
}
