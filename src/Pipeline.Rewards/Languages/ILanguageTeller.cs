namespace Pipeline.Rewards.Languages;

/// <summary>Tells the language of words.</summary>
public interface ILanguageTeller
{
    /// <summary>Counts the words of a text that are of <paramref name="language"/>, and those that are of others. What is of none is in neither.</summary>
    /// <exception cref="RewardException">That language is not among those it knows.</exception>
    WordCount Count(string text, string language);

    /// <summary>The one that options ask for; null if they ask for none.</summary>
    /// <param name="words">Words by language, see <see cref="WordLists"/>.</param>
    /// <param name="languages">Languages to be detected, see <see cref="DetectedLanguages"/>; lists then serve for what is too short for that.</param>
    /// <exception cref="RewardException">A language is not known.</exception>
    static ILanguageTeller? Of(IReadOnlyDictionary<string, IReadOnlyList<string>>? words, IReadOnlyList<string>? languages)
    {
        var lists = words is null ? null : new WordLists(words);
        return languages is { Count: > 0 } ? new DetectedLanguages(languages, lists) : lists;
    }
}

/// <summary>Words of a text by language.</summary>
/// <param name="Own">Of the language it should be in.</param>
/// <param name="Foreign">Of other languages and not of that one.</param>
public readonly record struct WordCount(int Own, int Foreign)
{
    /// <summary>Words of any known language.</summary>
    public int Total => Own + Foreign;

    /// <summary>The words of two texts.</summary>
    public static WordCount operator +(WordCount one, WordCount other) => new(one.Own + other.Own, one.Foreign + other.Foreign);
}
