namespace Pipeline.Datasets.Contents;

/// <summary>
/// A set of 64-bit hashes in an open table, from a half to seven tenths full after growing: 11 to 23 bytes a hash, and half as much again
/// while it grows. Among a million different texts two have the same hash with probability 3e-8, among a billion with 0.03.
/// </summary>
public sealed class SeenHashes
{
    private const double Fullest = 0.7;

    private ulong[] _slots = new ulong[1 << 10];
    private bool _zero;

    /// <summary>Hashes in the set.</summary>
    public long Count { get; private set; }

    /// <summary>Memory of the table.</summary>
    public long Bytes => _slots.LongLength * sizeof(ulong);

    /// <summary>Adds a hash; false if it was there.</summary>
    public bool Add(ulong hash)
    {
        if (hash == 0) // marks a free slot
        {
            if (_zero) return false;
            (_zero, Count) = (true, Count + 1);
            return true;
        }
        if (Count >= _slots.Length * Fullest) Grow();
        if (!Insert(_slots, hash)) return false;
        Count++;
        return true;
    }

    private void Grow()
    {
        var larger = new ulong[_slots.Length * 2L];
        foreach (var hash in _slots)
            if (hash != 0) Insert(larger, hash);
        _slots = larger;
    }

    private static bool Insert(ulong[] slots, ulong hash)
    {
        var mask = (ulong)slots.LongLength - 1;
        for (var slot = hash & mask; ; slot = (slot + 1) & mask)
        {
            if (slots[slot] == hash) return false;
            if (slots[slot] != 0) continue;
            slots[slot] = hash;
            return true;
        }
    }
}
