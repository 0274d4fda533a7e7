using System.Runtime.InteropServices;
using Pipeline.Training.Models;
using static TorchSharp.torch;

namespace Pipeline.Training.Sampling;

// Axes used in this file:
//   rows  = sequences, live ones first; one more than are sampled at once, for the prompt that others are forked from
//   slots = positions of a sequence, as many as the longest needs

/// <summary>
/// The forward pass by libtorch, for devices other than the CPU: a cache laid out once, in which each sequence has a row.
/// A row that is closed is filled from the last, so that live rows lie side by side and attention needs no copy of them.
/// </summary>
internal sealed class TensorDecoder : IDecoder
{
    private readonly LanguageModel _model;
    private readonly Device _device;
    private readonly int _heads, _kvHeads, _headDim, _slots;
    private readonly FusedLayer[] _layers;
    private Tensor[] _keys = [];   // per layer [rows, kvHeads, slots, headDim]
    private Tensor[] _values = []; // per layer, likewise
    private readonly List<int> _sequenceOfRow = [];
    private readonly Dictionary<int, int> _rowOf = [];
    private readonly List<int> _lengths = []; // of each row
    private int _nextSequence;
    private float[] _answer = [];

    /// <param name="model">Must not change while this is in use.</param>
    /// <param name="rows">Sequences open at once, about; more make the cache grow.</param>
    /// <param name="positions">Positions that sequences need at most.</param>
    public TensorDecoder(LanguageModel model, int rows, int positions)
    {
        _model = model;
        _device = model.OutputWeight.device;
        var config = model.Config;
        (_heads, _kvHeads, _headDim, _slots) = (config.Heads, config.KeyValueHeads, config.HeadDim, positions);
        _layers = [.. model.Transformer.Layers.Select(layer => new FusedLayer(layer, config))];
        Grow(rows + 1);
    }

    /// <inheritdoc/>
    public int Open()
    {
        if (_sequenceOfRow.Count == _keys[0].shape[0]) Grow(2 * _sequenceOfRow.Count);
        _rowOf[_nextSequence] = _sequenceOfRow.Count;
        _sequenceOfRow.Add(_nextSequence);
        _lengths.Add(0);
        return _nextSequence++;
    }

    /// <inheritdoc/>
    public int Fork(int sequence)
    {
        var fork = Open();
        Copy(_rowOf[sequence], _rowOf[fork]);
        return fork;
    }

    /// <inheritdoc/>
    public void Close(int sequence)
    {
        _rowOf.Remove(sequence, out var row);
        var last = _sequenceOfRow.Count - 1;
        if (row != last)
        {
            Copy(last, row);
            _sequenceOfRow[row] = _sequenceOfRow[last];
            _rowOf[_sequenceOfRow[row]] = row;
        }
        _sequenceOfRow.RemoveAt(last);
        _lengths.RemoveAt(last);
    }

    /// <inheritdoc/>
    public ReadOnlySpan<float> Feed(IReadOnlyList<(int Sequence, int[] Tokens)> pieces)
    {
        using var scope = NewDisposeScope();
        var lasts = new Tensor[pieces.Count]; // [hidden]
        foreach (var piece in Enumerable.Range(0, pieces.Count).Where(piece => _lengths[_rowOf[pieces[piece].Sequence]] == 0))
            lasts[piece] = Read(_rowOf[pieces[piece].Sequence], pieces[piece].Tokens);

        var going = Enumerable.Range(0, pieces.Count).Where(piece => lasts[piece] is null).ToList();
        for (var i = 0; going.Any(piece => i < pieces[piece].Tokens.Length); i++)
        {
            var now = going.Where(piece => i < pieces[piece].Tokens.Length).ToList();
            var hidden = Step([.. now.Select(piece => _rowOf[pieces[piece].Sequence])], [.. now.Select(piece => (long)pieces[piece].Tokens[i])]);
            for (var j = 0; j < now.Count; j++) lasts[now[j]] = hidden[j];
        }
        using var scores = nn.functional.linear(stack(lasts, 0), _model.OutputWeight).to(ScalarType.Float32).cpu().contiguous();
        _answer = MemoryMarshal.Cast<byte, float>(scores.bytes).ToArray();
        return _answer;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in _keys.Concat(_values)) tensor.Dispose();
        foreach (var layer in _layers) layer.Dispose();
    }

    /// <summary>Reads the beginning of a sequence.</summary>
    /// <returns>[hidden], after its last token.</returns>
    private Tensor Read(int row, int[] tokens)
    {
        using var scope = NewDisposeScope();
        var seq = tokens.Length;
        var (cos, signedSin) = _model.Transformer.Rotary.For(seq);
        var hidden = Forward(tensor(tokens.Select(token => (long)token).ToArray(), [1, seq], device: _device), cos.unsqueeze(1), signedSin.unsqueeze(1), (layer, query, key, value) =>
        {
            // [1, seq, n, headDim] to [1, n, seq, headDim]
            (query, key, value) = (query.transpose(1, 2), key.transpose(1, 2), value.transpose(1, 2));
            _keys[layer].narrow(0, row, 1).narrow(2, 0, seq).copy_(key);
            _values[layer].narrow(0, row, 1).narrow(2, 0, seq).copy_(value);
            var group = _heads / _kvHeads;
            return nn.functional.scaled_dot_product_attention(query,
                key.repeat_interleave(group, dim: 1), value.repeat_interleave(group, dim: 1), is_casual: true).transpose(1, 2);
        });
        _lengths[row] = seq;
        return hidden[0, seq - 1].MoveToOuterDisposeScope();
    }

    /// <summary>Feeds rows one token each. All rows up to the last of them are computed, and those without a token thrown away.</summary>
    /// <returns>[rows given, hidden].</returns>
    private Tensor Step(int[] rows, long[] tokens)
    {
        using var scope = NewDisposeScope();
        var count = rows.Max() + 1;
        var fed = new long[count];
        foreach (var (row, token) in rows.Zip(tokens)) fed[row] = token;
        var at = _lengths.Take(count).Select(length => (long)Math.Min(length, _slots - 1)).ToArray();
        var used = (int)at.Max() + 1;
        var positions = tensor(at, device: _device);                                                     // [count]
        var (cosTable, sinTable) = _model.Transformer.Rotary.For(_slots);
        var cos = cosTable.index_select(0, positions).view(count, 1, 1, _headDim);
        var signedSin = sinTable.index_select(0, positions).view(count, 1, 1, _headDim);
        var unseen = arange(used, device: _device).unsqueeze(0) > positions.unsqueeze(-1);               // [count, used]
        var slot = positions.view(count, 1, 1, 1).expand(count, _kvHeads, 1, _headDim);
        var hidden = Forward(tensor(fed, [count, 1], device: _device), cos, signedSin, (layer, query, key, value) =>
        {
            var (keys, values) = (_keys[layer].narrow(0, 0, count), _values[layer].narrow(0, 0, count));
            keys.scatter_(2, slot, key.transpose(1, 2));
            values.scatter_(2, slot, value.transpose(1, 2));
            // The query heads that share a key head are laid along the axis where a query's positions would be.
            var grouped = query.reshape(count, _kvHeads, _heads / _kvHeads, _headDim) / Math.Sqrt(_headDim);
            var scores = grouped.matmul(keys.narrow(2, 0, used).transpose(2, 3));                        // [count, kvHeads, group, used]
            scores.masked_fill_(unseen.view(count, 1, 1, used), float.NegativeInfinity);
            return scores.softmax(-1).matmul(values.narrow(2, 0, used));
        });
        foreach (var row in rows) _lengths[row]++;
        return hidden.squeeze(1).index_select(0, tensor(rows.Select(row => (long)row).ToArray(), device: _device)).MoveToOuterDisposeScope();
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

    private void Copy(int from, int to)
    {
        using var scope = NewDisposeScope();
        foreach (var cache in _keys.Concat(_values))
            cache.select(0, to).narrow(1, 0, _lengths[from]).copy_(cache.select(0, from).narrow(1, 0, _lengths[from]));
        _lengths[to] = _lengths[from];
    }

    private void Grow(int rows)
    {
        (_keys, _values) = ([.. Enumerable.Range(0, _layers.Length).Select(layer => Grown(_keys, layer))], [.. Enumerable.Range(0, _layers.Length).Select(layer => Grown(_values, layer))]);

        Tensor Grown(Tensor[] old, int layer)
        {
            using var scope = NewDisposeScope();
            var grown = zeros([rows, _kvHeads, _slots, _headDim], ScalarType.Float32, _device);
            if (layer < old.Length)
            {
                grown.narrow(0, 0, old[layer].shape[0]).copy_(old[layer]);
                old[layer].Dispose();
            }
            return grown.DetachFromDisposeScope();
        }
    }
}
