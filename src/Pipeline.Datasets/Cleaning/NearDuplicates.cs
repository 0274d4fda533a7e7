
namespace Pipeline.Datasets.Cleaning;

/// <summary>
/// Finds texts that are nearly one seen before. Two are compared if all eight places of one of fourteen bands of their signatures agree,
/// and are duplicates if the share of agreeing places is at least the threshold. What is kept of a text is a byte of
/// each place (P. Li and A. C. König, "b-Bit Minwise Hashing", WWW 2010) and its bands in an open table: 280 to 440 bytes.
/// </summary>
/// <param name="threshold">Share of runs of five words and signs in common, from 0 to 1.</param>
internal sealed class NearDuplicates(double threshold)
{
    private const double Fullest = 0.7;
    private const int SignaturesPerPage = 4096;
    private const double ByChance = 1.0 / 256; // two bytes of different places agree so often

    private readonly List<byte[]> _pages = []; // signatures, so many to a page: no array grows without bound
    private readonly List<long> _rows = [];
    private ulong[] _slots = new ulong[1 << 14]; // the hash of a band in the upper half, the text's number + 1 in the lower
    private long _used;

    public long Bytes => _slots.LongLength * sizeof(ulong) + (long)_pages.Count * SignaturesPerPage * MinHash.Places + _rows.Capacity * sizeof(long);

    /// <summary>The row of the text seen before that this is nearly; else null, and the text counts as seen.</summary>
    public long? Find(string text, long row)
    {
        if (MinHash.Of(text) is not { } signature) return null;
        var bands = BandsOf(signature);
        foreach (var band in bands)
            if (Lookup(band) is { } known && Similarity(signature, known) >= threshold) return _rows[known];

        Remember(signature);
        _rows.Add(row);
        if (_used + MinHash.Bands > _slots.Length * Fullest) Grow();
        foreach (var band in bands) Insert(_slots, band | (uint)_rows.Count);
        _used += MinHash.Bands;
        return null;
    }

    private static ulong[] BandsOf(ulong[] signature)
    {
        var bands = new ulong[MinHash.Bands];
        for (var band = 0; band < bands.Length; band++)
        {
            var hash = (ulong)band;
            for (var place = 0; place < MinHash.PlacesPerBand; place++) hash = StableHash.Mix(hash ^ signature[band * MinHash.PlacesPerBand + place]);
            bands[band] = hash & 0xFFFFFFFF_00000000;
        }
        return bands;
    }

    private void Remember(ulong[] signature)
    {
        if (_rows.Count % SignaturesPerPage == 0) _pages.Add(new byte[SignaturesPerPage * MinHash.Places]);
        var bytes = Signature(_rows.Count);
        for (var place = 0; place < bytes.Length; place++) bytes[place] = (byte)signature[place];
    }

    private Span<byte> Signature(int number) =>
        _pages[number / SignaturesPerPage].AsSpan(number % SignaturesPerPage * MinHash.Places, MinHash.Places);

    private double Similarity(ulong[] signature, int known)
    {
        var bytes = Signature(known);
        var equal = 0;
        for (var place = 0; place < bytes.Length; place++)
            if (bytes[place] == (byte)signature[place]) equal++;
        return ((double)equal / MinHash.Places - ByChance) / (1 - ByChance);
    }

    private int? Lookup(ulong band)
    {
        var mask = (ulong)_slots.LongLength - 1;
        for (var slot = (band >> 32) * 0x9E3779B97F4A7C15 >> 20 & mask; _slots[slot] != 0; slot = (slot + 1) & mask)
            if ((_slots[slot] & 0xFFFFFFFF_00000000) == band) return (int)(uint)_slots[slot] - 1;
        return null;
    }

    private static void Insert(ulong[] slots, ulong entry)
    {
        var mask = (ulong)slots.LongLength - 1;
        var slot = (entry >> 32) * 0x9E3779B97F4A7C15 >> 20 & mask;
        while (slots[slot] != 0) slot = (slot + 1) & mask;
        slots[slot] = entry;
    }

    private void Grow()
    {
        var larger = new ulong[_slots.Length * 2L];
        foreach (var entry in _slots)
            if (entry != 0) Insert(larger, entry);
        _slots = larger;
    }
}
