namespace Pipeline.Datasets.Contents;

/// <summary>
/// Says which part of a split a prompt belongs to, by a hash of the seed and the prompt: the same in every process, whatever the order
/// of the rows, and for all rows with that prompt, white space and case aside. Rows that are added later move none of the old.
/// </summary>
/// <param name="seed">Another seed makes another split.</param>
/// <param name="shares">The shares of the parts but the first, which takes the rest.</param>
public sealed class SeededSplit(ulong seed, IReadOnlyList<double> shares)
{
    private readonly ulong _key = StableHash.Mix(seed);

    /// <summary>The part, by its number from 0.</summary>
    public int Of(string prompt)
    {
        var at = (StableHash.Mix(NormalText.Hash(prompt) ^ _key) >> 11) * (1.0 / (1UL << 53)); // 53 bits make a double in [0, 1)
        for (var part = 0; part < shares.Count; part++)
            if ((at -= shares[part]) < 0) return part + 1;
        return 0;
    }
}
