using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Pipeline.Training.Sampling.Cpu;

/// <summary>One query over the keys and values before it. The order of every sum follows from positions alone.</summary>
internal static unsafe class HeadAttention
{
    private const int Lanes = BlockCache.Positions;

    /// <param name="cache">Where keys and values lie.</param>
    /// <param name="blocks">Of the sequence.</param>
    /// <param name="layer">Layer.</param>
    /// <param name="kvHead">Key and value head.</param>
    /// <param name="query">[headDim].</param>
    /// <param name="headDim">Channels of a head.</param>
    /// <param name="positions">Positions it sees, its own the last.</param>
    /// <param name="context">[headDim]: the result.</param>
    [SkipLocalsInit]
    public static void Attend(BlockCache cache, List<CacheBlock> blocks, int layer, int kvHead, float* query, int headDim, int positions, float* context)
    {
        var used = (positions + Lanes - 1) / Lanes;
        var scores = stackalloc float[used * Lanes + Lanes];
        scores = (float*)(((nint)scores + 63) & ~63);

        var scale = Vector512.Create(1 / MathF.Sqrt(headDim));
        var most = Vector512.Create(float.NegativeInfinity);
        for (var b = 0; b < used; b++)
        {
            var score = Scores(cache.Keys(blocks[b], layer, kvHead), query, headDim) * scale;
            if ((b + 1) * Lanes > positions)
                score = Vector512.ConditionalSelect(
                    Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(positions - b * Lanes)).AsSingle(), score, Vector512.Create(float.NegativeInfinity));
            score.Store(scores + b * Lanes);
            most = Vector512.Max(most, score);
        }

        var best = most[0];
        for (var lane = 1; lane < Lanes; lane++) best = Math.Max(best, most[lane]);
        var (top, sums) = (Vector512.Create(best), Vector512<float>.Zero);
        for (var b = 0; b < used; b++)
        {
            var weight = Vector512.Exp(Vector512.Load(scores + b * Lanes) - top);
            weight.Store(scores + b * Lanes);
            sums += weight;
        }
        Mix(cache, blocks, layer, kvHead, scores, used, 1 / Vector512.Sum(sums), headDim, context);
    }

    /// <summary>Products of the query with sixteen keys; four sums side by side, as each must wait for its last.</summary>
    private static Vector512<float> Scores(float* keys, float* query, int headDim)
    {
        Vector512<float> a = default, b = default, c = default, d = default;
        var i = 0;
        for (; i + 4 <= headDim; i += 4, keys += 4 * Lanes)
        {
            a = Vector512.FusedMultiplyAdd(Vector512.Create(query[i]), Vector512.Load(keys), a);
            b = Vector512.FusedMultiplyAdd(Vector512.Create(query[i + 1]), Vector512.Load(keys + Lanes), b);
            c = Vector512.FusedMultiplyAdd(Vector512.Create(query[i + 2]), Vector512.Load(keys + 2 * Lanes), c);
            d = Vector512.FusedMultiplyAdd(Vector512.Create(query[i + 3]), Vector512.Load(keys + 3 * Lanes), d);
        }
        for (; i < headDim; i++, keys += Lanes) a = Vector512.FusedMultiplyAdd(Vector512.Create(query[i]), Vector512.Load(keys), a);
        return a + b + (c + d);
    }

    /// <summary>The values' sum by weight, 64 channels at a time as long as there are so many, then 16.</summary>
    private static void Mix(
        BlockCache cache, List<CacheBlock> blocks, int layer, int kvHead, float* weights, int used, float inverse, int headDim, float* context)
    {
        var stride = cache.ValueStride;
        var mixed = stackalloc float[4 * Lanes];
        for (var channel = 0; channel < headDim;)
        {
            Vector512<float> a = default, b = default, c = default, d = default;
            var wide = channel + 4 * Lanes <= stride;
            for (var block = 0; block < used; block++)
            {
                var value = cache.Keys(blocks[block], layer, kvHead) + cache.KeyFloats + channel;
                var weight = weights + block * Lanes;
                if (wide)
                    for (var i = 0; i < Lanes; i++, value += stride)
                    {
                        var one = Vector512.Create(weight[i]);
                        a = Vector512.FusedMultiplyAdd(one, Vector512.Load(value), a);
                        b = Vector512.FusedMultiplyAdd(one, Vector512.Load(value + Lanes), b);
                        c = Vector512.FusedMultiplyAdd(one, Vector512.Load(value + 2 * Lanes), c);
                        d = Vector512.FusedMultiplyAdd(one, Vector512.Load(value + 3 * Lanes), d);
                    }
                else
                    for (var i = 0; i < Lanes; i += 4, value += 4 * stride)
                    {
                        a = Vector512.FusedMultiplyAdd(Vector512.Create(weight[i]), Vector512.Load(value), a);
                        b = Vector512.FusedMultiplyAdd(Vector512.Create(weight[i + 1]), Vector512.Load(value + stride), b);
                        c = Vector512.FusedMultiplyAdd(Vector512.Create(weight[i + 2]), Vector512.Load(value + 2 * stride), c);
                        d = Vector512.FusedMultiplyAdd(Vector512.Create(weight[i + 3]), Vector512.Load(value + 3 * stride), d);
                    }
            }
            var width = wide ? 4 * Lanes : Lanes;
            if (!wide) a = a + b + (c + d);
            (a * inverse).Store(mixed);
            if (wide)
            {
                (b * inverse).Store(mixed + Lanes);
                (c * inverse).Store(mixed + 2 * Lanes);
                (d * inverse).Store(mixed + 3 * Lanes);
            }
            var count = Math.Min(width, headDim - channel); // what lies behind belongs to the next head
            new ReadOnlySpan<float>(mixed, count).CopyTo(new Span<float>(context + channel, count));
            channel += width;
        }
    }
}
