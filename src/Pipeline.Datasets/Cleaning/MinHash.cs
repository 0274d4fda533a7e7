using Pipeline.Datasets.Contents;

namespace Pipeline.Datasets.Cleaning;

/// <summary>
/// Signatures of which two agree in as large a share of places as their texts share of their runs of five words and signs (A. Broder,
/// "On the resemblance and containment of documents", 1997).
/// </summary>
internal static class MinHash
{
    /// <summary>Places of a signature. FineWeb's setting (arXiv:2406.17557): 14 bands of 8.</summary>
    public const int Places = Bands * PlacesPerBand;

    public const int Bands = 14;
    public const int PlacesPerBand = 8;

    private const int ShingleLength = 5;

    private static readonly ulong[] s_keys = [.. Enumerable.Range(1, Places).Select(place => StableHash.Mix((ulong)place))];

    /// <summary>The signature of a text; null for one without words or signs.</summary>
    public static ulong[]? Of(string text)
    {
        var tokens = NormalText.Tokens(text);
        if (tokens.Count == 0) return null;
        var signature = new ulong[Places];
        Array.Fill(signature, ulong.MaxValue);
        var seen = new HashSet<ulong>();
        for (var start = 0; start == 0 || start + ShingleLength <= tokens.Count; start++)
        {
            var shingle = 0UL;
            for (var at = start; at < Math.Min(start + ShingleLength, tokens.Count); at++) shingle = StableHash.Mix(shingle ^ tokens[at]);
            if (!seen.Add(shingle)) continue;
            // Multiplying by an odd number after adding a key permutes the 64-bit numbers: a family of hashes, one multiplication each.
            for (var place = 0; place < Places; place++)
            {
                var hash = (shingle ^ s_keys[place]) * (s_keys[Places - 1 - place] | 1);
                hash ^= hash >> 32;
                if (hash < signature[place]) signature[place] = hash;
            }
        }
        return signature;
    }
}
