namespace Pipeline.Datasets;

/// <summary>Hashes that are the same in every process, on every machine and with every version of .NET, unlike <see cref="HashCode"/>.</summary>
public static class StableHash
{
    /// <summary>What FNV-1a (Fowler, Noll and Vo) begins with.</summary>
    public const ulong Empty = 14695981039346656037UL;

    /// <summary>FNV-1a with one more value.</summary>
    public static ulong Add(ulong hash, ulong value) => (hash ^ value) * 1099511628211UL;

    /// <summary>Spreads a number over all bits: the output function of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).</summary>
    public static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
