using System.Text;

namespace Pipeline.Datasets.Contents;

/// <summary>Text without what makes two copies of one text differ: runs of white space are one space, case is folded.</summary>
/// <remarks>Punctuation stays: in a problem "2+3" and "2-3" are two.</remarks>
public static class NormalText
{
    private const ulong Offset = 14695981039346656037UL; // FNV-1a (Fowler, Noll and Vo): the same on every machine
    private const ulong Prime = 1099511628211UL;

    /// <summary>A 64-bit hash of the normal text, the same in every process.</summary>
    public static ulong Hash(ReadOnlySpan<char> text)
    {
        var hash = Offset;
        var gap = false;
        foreach (var rune in text.Trim().EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune)) { gap = true; continue; }
            if (gap) (hash, gap) = ((hash ^ ' ') * Prime, false);
            hash = (hash ^ (ulong)Rune.ToLowerInvariant(rune).Value) * Prime;
        }
        return Mix(hash);
    }

    /// <summary>
    /// The hashes of the words and of the signs between them, each sign by itself. White space is nothing.
    /// </summary>
    public static List<ulong> Tokens(ReadOnlySpan<char> text)
    {
        var tokens = new List<ulong>();
        var (hash, isWord) = (Offset, false);
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune))
            {
                (hash, isWord) = ((hash ^ (ulong)Rune.ToLowerInvariant(rune).Value) * Prime, true);
                continue;
            }
            if (isWord) tokens.Add(hash);
            (hash, isWord) = (Offset, false);
            if (!Rune.IsWhiteSpace(rune)) tokens.Add((Offset ^ (ulong)rune.Value) * Prime);
        }
        if (isWord) tokens.Add(hash);
        return tokens;
    }

    /// <summary>Spreads a hash over all bits: the output function of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).</summary>
    public static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
