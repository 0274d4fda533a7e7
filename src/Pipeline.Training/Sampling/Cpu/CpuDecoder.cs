using Pipeline.Training.Models;
using static TorchSharp.torch;

namespace Pipeline.Training.Sampling.Cpu;

/// <summary>
/// The forward pass on the CPU, in float32, by vector code of our own: between matrix products that are this small a
/// library's calls cost more than their work, and its products do not give a row the same bits in any company.
/// README.md of the folder above has the measurements.
/// </summary>
internal sealed unsafe class CpuDecoder : IDecoder
{
    /// <summary>Tokens fed at once; a longer prompt is read in parts, which bounds the buffers and changes nothing else.</summary>
    private const int MaxRows = 256;

    /// <summary>Rows up to which sharing out what is done row by row costs more than doing it.</summary>
    private const int AloneUpTo = 2;

    private readonly Crew _crew;
    private readonly CpuLayer[] _layers;
    private readonly NativeFloats _embedding, _finalNorm, _cos, _signedSin;
    private readonly PackedMatrix _head;
    private readonly BlockCache _cache;
    private readonly int _hidden, _heads, _kvHeads, _headDim, _vocab;
    private readonly float _epsilon;
    private readonly NativeFloats _stream, _normed, _projected, _context, _gate, _up; // [MaxRows, ...]
    private readonly (CachedSequence Sequence, int Token, int Position)[] _rows = new (CachedSequence, int, int)[MaxRows];
    private NativeFloats _lasts = new(0), _logits = new(0);
    private float[] _answer = [];

    /// <param name="model">Its weights are copied.</param>
    /// <param name="positions">Positions that sequences need at most.</param>
    public CpuDecoder(LanguageModel model, int positions)
    {
        using var scope = NewDisposeScope();
        var config = model.Config;
        (_hidden, _heads, _kvHeads, _headDim, _vocab) = (config.HiddenSize, config.Heads, config.KeyValueHeads, config.HeadDim, config.VocabSize);
        _epsilon = (float)config.RmsNormEpsilon;
        _crew = new Crew(get_num_threads());
        _layers = [.. model.Transformer.Layers.Select(layer => new CpuLayer(layer, _crew))];
        _embedding = CpuLayer.Vector(model.Transformer.Embedding.Weight);
        _finalNorm = CpuLayer.Vector(model.Transformer.FinalNorm.Weight);
        _head = new PackedMatrix([model.OutputWeight], null, _crew);
        var (cos, signedSin) = model.Transformer.Rotary.For(positions);
        (_cos, _signedSin) = (CpuLayer.Vector(cos), CpuLayer.Vector(signedSin));
        _cache = new BlockCache(config.Layers, _kvHeads, _headDim);

        // The residual stream has the stride of what is added to it, and every row room for whole vectors.
        _stream = new NativeFloats((long)MaxRows * _layers[0].Output.PaddedOutputs);
        _normed = new NativeFloats((long)MaxRows * _layers[0].Output.PaddedOutputs);
        _projected = new NativeFloats((long)MaxRows * _layers[0].QueryKeyValue.PaddedOutputs);
        _context = new NativeFloats((long)MaxRows * _heads * _headDim);
        _gate = new NativeFloats((long)MaxRows * _layers[0].Gate.PaddedOutputs);
        _up = new NativeFloats((long)MaxRows * _layers[0].Up.PaddedOutputs);
    }

    /// <inheritdoc/>
    public int Open() => _cache.Open();

    /// <inheritdoc/>
    public int Fork(int sequence) => _cache.Fork(sequence);

    /// <inheritdoc/>
    public void Close(int sequence) => _cache.Close(sequence);

    /// <inheritdoc/>
    public ReadOnlySpan<float> Feed(IReadOnlyList<(int Sequence, int[] Tokens)> pieces)
    {
        Ensure(pieces.Count);
        var rows = 0;
        var lasts = new List<(int Row, int Piece)>();
        for (var piece = 0; piece < pieces.Count; piece++)
        {
            var sequence = _cache[pieces[piece].Sequence];
            var tokens = pieces[piece].Tokens;
            var start = sequence.Length;
            _cache.Extend(sequence, tokens.Length);
            for (var i = 0; i < tokens.Length; i++)
            {
                if (i == tokens.Length - 1) lasts.Add((rows, piece));
                _rows[rows++] = (sequence, tokens[i], start + i);
                if (rows == MaxRows) Flush();
            }
        }
        if (rows > 0) Flush();
        _head.Multiply(_lasts.Pointer, _hidden, _logits.Pointer, pieces.Count, _crew);
        for (var piece = 0; piece < pieces.Count; piece++)
            new ReadOnlySpan<float>(_logits.Pointer + (long)piece * _head.PaddedOutputs, _vocab).CopyTo(_answer.AsSpan(piece * _vocab));
        return _answer.AsSpan(0, pieces.Count * _vocab);

        void Flush()
        {
            Forward(rows);
            foreach (var (row, piece) in lasts)
                RowMath.Normalize(_stream.Pointer + (long)row * StreamStride, _finalNorm.Pointer, _lasts.Pointer + (long)piece * _hidden, _hidden, _epsilon);
            lasts.Clear();
            rows = 0;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _crew.Dispose();
        _cache.Dispose();
        _head.Dispose();
        foreach (var layer in _layers) layer.Dispose();
        foreach (var buffer in (NativeFloats[])[_embedding, _finalNorm, _cos, _signedSin, _stream, _normed, _projected, _context, _gate, _up, _lasts, _logits])
            buffer.Dispose();
    }

    private int StreamStride => _layers[0].Output.PaddedOutputs;

    /// <summary>Runs the rows through all layers; the residual stream holds what the final norm is taken of.</summary>
    private void Forward(int rows)
    {
        EachRow(rows, row => Copy(_embedding.Pointer + (long)_rows[row].Token * _hidden, _stream.Pointer + (long)row * StreamStride, _hidden));
        for (var i = 0; i < _layers.Length; i++)
        {
            var (layer, index) = (_layers[i], i);
            EachRow(rows, row => RowMath.Normalize(Stream(row), layer.AttentionNorm.Pointer, Normed(row), _hidden, _epsilon));
            layer.QueryKeyValue.Multiply(_normed.Pointer, StreamStride, _projected.Pointer, rows, _crew);
            EachRow(rows, row => TurnAndRemember(index, row));
            _crew.Run(rows * _kvHeads, task => Attend(index, task / _kvHeads, task % _kvHeads));
            layer.Output.Multiply(_context.Pointer, _heads * _headDim, _stream.Pointer, rows, _crew, add: true);

            EachRow(rows, row => RowMath.Normalize(Stream(row), layer.FeedForwardNorm.Pointer, Normed(row), _hidden, _epsilon));
            GateUp(layer, rows);
            layer.Down.Multiply(_gate.Pointer, layer.Gate.PaddedOutputs, _stream.Pointer, rows, _crew, add: true);
        }
    }

    private float* Stream(int row) => _stream.Pointer + (long)row * StreamStride;

    private float* Normed(int row) => _normed.Pointer + (long)row * StreamStride;

    /// <summary>Both projections of a panel by the same thread, which then joins them while they are in its cache.</summary>
    private void GateUp(CpuLayer layer, int rows)
    {
        var stride = layer.Gate.PaddedOutputs;
        const int rowsPerTask = 64;
        var chunks = (rows + rowsPerTask - 1) / rowsPerTask;
        _crew.Run(stride / PackedMatrix.Panel * chunks, task =>
        {
            var (panel, first) = (task / chunks, task % chunks * rowsPerTask);
            var count = Math.Min(rowsPerTask, rows - first);
            float* gate = _gate.Pointer + (long)first * stride, up = _up.Pointer + (long)first * stride;
            layer.Gate.MultiplyPanel(panel, Normed(first), StreamStride, gate, count, add: false);
            layer.Up.MultiplyPanel(panel, Normed(first), StreamStride, up, count, add: false);
            for (var row = 0; row < count; row++)
            {
                var at = (long)row * stride + panel * PackedMatrix.Panel;
                RowMath.SiluTimes(gate + at, up + at, PackedMatrix.Panel);
            }
        });
    }

    /// <summary>Turns a row's queries and keys to its position and puts keys and values where later rows find them.</summary>
    private void TurnAndRemember(int layer, int row)
    {
        var (sequence, _, position) = _rows[row];
        var projected = Projected(row);
        for (var head = 0; head < _heads + _kvHeads; head++)
        {
            var norm = head < _heads ? _layers[layer].QueryNorm : _layers[layer].KeyNorm;
            if (norm is not null) RowMath.Normalize(projected + head * _headDim, norm.Pointer, projected + head * _headDim, _headDim, _epsilon);
            RowMath.Turn(projected + head * _headDim, _cos.Pointer + (long)position * _headDim, _signedSin.Pointer + (long)position * _headDim, _headDim);
        }

        var (block, slot) = (sequence.Blocks[position / BlockCache.Positions], position % BlockCache.Positions);
        for (var head = 0; head < _kvHeads; head++)
        {
            var keys = _cache.Keys(block, layer, head);
            var key = projected + (_heads + head) * _headDim;
            for (var i = 0; i < _headDim; i++) keys[i * BlockCache.Positions + slot] = key[i];
            Copy(projected + (_heads + _kvHeads + head) * _headDim, keys + _cache.KeyFloats + slot * _cache.ValueStride, _headDim);
        }
    }

    /// <summary>The queries of a row that share one key head.</summary>
    private void Attend(int layer, int row, int kvHead)
    {
        var (sequence, _, position) = _rows[row];
        var group = _heads / _kvHeads;
        for (var head = kvHead * group; head < (kvHead + 1) * group; head++)
            HeadAttention.Attend(_cache, sequence.Blocks, layer, kvHead, Projected(row) + head * _headDim, _headDim, position + 1,
                _context.Pointer + ((long)row * _heads + head) * _headDim);
    }

    private float* Projected(int row) => _projected.Pointer + (long)row * _layers[0].QueryKeyValue.PaddedOutputs;

    private void EachRow(int rows, Action<int> work)
    {
        if (rows <= AloneUpTo)
            for (var row = 0; row < rows; row++) work(row);
        else
            _crew.Run(rows, work);
    }

    private void Ensure(int pieces)
    {
        if (_lasts.Count >= (long)pieces * _hidden && _answer.Length >= pieces * _vocab) return;
        _lasts.Dispose();
        _logits.Dispose();
        _lasts = new NativeFloats((long)pieces * _hidden);
        _logits = new NativeFloats((long)pieces * _head.PaddedOutputs);
        _answer = new float[pieces * _vocab];
    }

    private static void Copy(float* from, float* to, int count) => new ReadOnlySpan<float>(from, count).CopyTo(new Span<float>(to, count));
}
