using System.Runtime.InteropServices;

namespace Pipeline.Training.Sampling.Cpu;

/// <summary>
/// Keys and values of sequences, in blocks of 16 positions that are handed out as sequences grow and taken back as they
/// end: none is ever moved, and sequences with a common beginning share its blocks (PagedAttention, arXiv:2309.06180).
/// </summary>
/// <remarks>
/// In a block lie layer by layer and head by head the keys, [headDim, 16], and the values, [16, padded headDim]: in this
/// order a query meets sixteen keys in one vector, without sums across it.
/// </remarks>
internal sealed unsafe class BlockCache : IDisposable
{
    public const int Positions = 16;
    private const long SlabBytes = 32 << 20;

    private readonly int _heads, _perHead, _perSlab;
    private readonly long _perBlock;
    private readonly List<NativeFloats> _slabs = [];
    private readonly Stack<CacheBlock> _free = [];
    private readonly Dictionary<int, CachedSequence> _sequences = [];
    private int _nextSequence, _carved;

    public BlockCache(int layers, int heads, int headDim)
    {
        _heads = heads;
        ValueStride = (headDim + Positions - 1) / Positions * Positions;
        KeyFloats = headDim * Positions;
        _perHead = KeyFloats + ValueStride * Positions;
        _perBlock = (long)layers * heads * _perHead;
        _perSlab = (int)Math.Max(1, SlabBytes / (_perBlock * sizeof(float)));
    }

    /// <summary>Floats of a value, with those that fill the last vector, which are 0.</summary>
    public int ValueStride { get; }

    /// <summary>Floats of a head's keys in a block; its values follow.</summary>
    public int KeyFloats { get; }

    public CachedSequence this[int sequence] => _sequences[sequence];

    /// <summary>Where a head's keys of a block lie.</summary>
    public float* Keys(CacheBlock block, int layer, int head) => block.Pointer + ((long)layer * _heads + head) * _perHead;

    public int Open()
    {
        _sequences[_nextSequence] = new CachedSequence();
        return _nextSequence++;
    }

    public int Fork(int sequence)
    {
        var (source, copy) = (_sequences[sequence], Open());
        var blocks = _sequences[copy].Blocks;
        _sequences[copy].Length = source.Length;
        foreach (var block in source.Blocks)
        {
            block.Users++;
            blocks.Add(block);
        }
        if (source.Length % Positions == 0) return copy;
        // Both would write on into the last block, so each has its own.
        var (shared, own) = (blocks[^1], Take());
        Buffer.MemoryCopy(shared.Pointer, own.Pointer, _perBlock * sizeof(float), _perBlock * sizeof(float));
        shared.Users--;
        blocks[^1] = own;
        return copy;
    }

    public void Close(int sequence)
    {
        _sequences.Remove(sequence, out var closed);
        foreach (var block in closed!.Blocks)
            if (--block.Users == 0) _free.Push(block);
    }

    /// <summary>Makes room for more positions.</summary>
    public void Extend(CachedSequence sequence, int positions)
    {
        sequence.Length += positions;
        while (sequence.Blocks.Count * Positions < sequence.Length) sequence.Blocks.Add(Take());
    }

    public void Dispose()
    {
        foreach (var slab in _slabs) slab.Dispose();
    }

    private CacheBlock Take()
    {
        if (!_free.TryPop(out var block))
        {
            if (_slabs.Count == 0 || _carved == _perSlab)
            {
                _slabs.Add(new NativeFloats(_perSlab * _perBlock));
                _carved = 0;
            }
            block = new CacheBlock(_slabs[^1].Pointer + _carved++ * _perBlock);
            // What stands at positions not yet written is multiplied by 0, and 0 times a stray NaN is not 0.
            NativeMemory.Clear(block.Pointer, (nuint)_perBlock * sizeof(float));
        }
        block.Users = 1;
        return block;
    }
}
