namespace Pipeline.Datasets.Packing;

/// <summary>
/// A shuffle that depends on (seed, epoch, count) and nothing else: equal in every process, on every machine, with every
/// version of .NET (<see cref="Random"/> promises none of these).
/// </summary>
public static class SeededOrder
{
    /// <summary>The numbers 0 to <paramref name="count"/> - 1 in the order of an epoch (Fisher-Yates).</summary>
    public static int[] Permutation(ulong seed, long epoch, int count)
    {
        var order = Enumerable.Range(0, count).ToArray();
        var key = StableHash.Mix(StableHash.Mix(seed) ^ (ulong)epoch);
        for (var last = count - 1; last > 0; last--)
        {
            // A 64-bit number times (last + 1), upper half: uniform but for a bias below count / 2^64.
            var other = (int)Math.BigMul(StableHash.Mix(key + (ulong)last), (ulong)last + 1, out _);
            (order[last], order[other]) = (order[other], order[last]);
        }
        return order;
    }
}
