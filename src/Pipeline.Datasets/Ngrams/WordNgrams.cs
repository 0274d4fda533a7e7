using System.Text;

namespace Pipeline.Datasets.Ngrams;

/// <summary>The runs of n words of a text, by hash. Words are runs of letters or digits in lower case: punctuation hides no copy.</summary>
public static class WordNgrams
{
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
            var hash = StableHash.Empty;
            for (var word = start; word < start + n; word++) hash = StableHash.Add(hash, words[word]);
            yield return hash;
        }
    }

    /// <summary>The hash of each word.</summary>
    public static IReadOnlyList<ulong> WordsOf(string text)
    {
        var words = new List<ulong>();
        var (hash, isWord) = (StableHash.Empty, false);
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune))
                (hash, isWord) = (StableHash.Add(hash, (ulong)Rune.ToLowerInvariant(rune).Value), true);
            else if (isWord)
            {
                words.Add(hash);
                (hash, isWord) = (StableHash.Empty, false);
            }
        }
        if (isWord) words.Add(hash);
        return words;
    }
}
