namespace Pipeline.Protocol.Options;

/// <summary>Words of the chain of thought in the prompt's language / words of any known language. Languages are told by word lists, by detection, or both.</summary>
public sealed record LanguageConsistencyTerm : RewardTermOptions
{
    /// <summary>Words that tell a language, by language code. A word that is in no list is not counted. Default none.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Words { get; init; }

    /// <summary>
    /// Codes (ISO 639-1) of languages that are told apart in running text by script and letter statistics (Lingua); pieces of fewer than 40
    /// letters by <see cref="Words"/>, if given. Default none.
    /// </summary>
    public IReadOnlyList<string>? Languages { get; init; }
}
