namespace Pipeline.Rewards.Languages;

/// <summary>
/// Tells languages by words that are known to be of one: enough for a miniature whose vocabulary is written down. Numbers,
/// symbols and words in no list are of no language and are not counted, so a name does not count as foreign.
/// </summary>
public sealed class WordLists : ILanguageTeller
{
    private readonly Dictionary<string, HashSet<string>> _languages;

    /// <param name="words">Words by language code; case does not matter. A word may be in several lists.</param>
    public WordLists(IReadOnlyDictionary<string, IReadOnlyList<string>> words) => _languages = words.ToDictionary(
        language => language.Key, language => language.Value.Select(word => word.ToLowerInvariant()).ToHashSet());

    /// <inheritdoc/>
    public WordCount Count(string text, string language)
    {
        if (!_languages.TryGetValue(language, out var target)) throw new RewardException(RewardException.Language,
            $"There are no words for the language '{language}', only for {string.Join(", ", _languages.Keys)}. Add a list for it.");
        var (own, foreign) = (0, 0);
        foreach (var word in Words.Of(text))
        {
            if (target.Contains(word)) own++;
            else if (_languages.Values.Any(list => list.Contains(word))) foreign++;
        }
        return new WordCount(own, foreign);
    }
}
