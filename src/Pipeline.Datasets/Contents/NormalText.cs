using System.Text;

namespace Pipeline.Datasets.Contents;

/// <summary>Text without what makes two copies of one text differ: runs of white space are one space, case is folded.</summary>
/// <remarks>Punctuation stays: in a problem "2+3" and "2-3" are two.</remarks>
public static class NormalText
{
    /// <summary>A 64-bit hash of the normal text, the same in every process.</summary>
    public static ulong Hash(ReadOnlySpan<char> text)
    {
        var hash = StableHash.Empty;
        var gap = false;
        foreach (var rune in text.Trim().EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune)) { gap = true; continue; }
            if (gap) (hash, gap) = (StableHash.Add(hash, ' '), false);
            hash = StableHash.Add(hash, (ulong)Rune.ToLowerInvariant(rune).Value);
        }
        return StableHash.Mix(hash);
    }

    /// <summary>
    /// The hashes of the words and of the signs between them, each sign by itself. White space is nothing.
    /// </summary>
    public static List<ulong> Tokens(ReadOnlySpan<char> text)
    {
        var tokens = new List<ulong>();
        var (hash, isWord) = (StableHash.Empty, false);
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune))
            {
                (hash, isWord) = (StableHash.Add(hash, (ulong)Rune.ToLowerInvariant(rune).Value), true);
                continue;
            }
            if (isWord) tokens.Add(hash);
            (hash, isWord) = (StableHash.Empty, false);
            if (!Rune.IsWhiteSpace(rune)) tokens.Add(StableHash.Add(StableHash.Empty, (ulong)rune.Value));
        }
        if (isWord) tokens.Add(hash);
        return tokens;
    }
}
