using System.Text;

namespace Pipeline.Datasets.Ngrams;

/// <summary>The runs of n words of a text, by hash. Words are runs of letters or digits in lower case: punctuation hides no copy.</summary>
public static class WordNgrams
{
    private const ulong Offset = 14695981039346656037UL; // FNV-1a (Fowler, Noll and Vo): the same on every machine
    private const ulong Prime = 1099511628211UL;

    /// <summary>The distinct n-grams. A text of fewer words has one: all of it; a text without words has none.</summary>
    public static HashSet<ulong> Of(string text, int n)
    {
        var words = WordsOf(text);
        return words.Count == 0 ? [] : [.. Runs(words, Math.Min(n, words.Count))];
    }

    /// <summary>The hash of each run of n words, in order.</summary>
    public static IEnumerable<ulong> Runs(IReadOnlyList<ulong> words, int n)
    {
        for (var start = 0; start + n <= words.Count; start++)
        {
            var hash = Offset;
            for (var word = start; word < start + n; word++) hash = (hash ^ words[word]) * Prime;
            yield return hash;
        }
    }

    /// <summary>The hash of each word.</summary>
    public static IReadOnlyList<ulong> WordsOf(string text)
    {
        var words = new List<ulong>();
        var (hash, isWord) = (Offset, false);
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune))
                (hash, isWord) = ((hash ^ (ulong)Rune.ToLowerInvariant(rune).Value) * Prime, true);
            else if (isWord)
            {
                words.Add(hash);
                (hash, isWord) = (Offset, false);
            }
        }
        if (isWord) words.Add(hash);
        return words;
    }
}
