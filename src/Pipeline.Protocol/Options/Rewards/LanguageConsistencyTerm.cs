namespace Pipeline.Protocol.Options;

/// <summary>Words of the chain of thought in the prompt's language / words of any known language.</summary>
public sealed record LanguageConsistencyTerm : RewardTermOptions
{
    /// <summary>Words that tell a language, by language code. A word that is in no list is not counted.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<string>> Words { get; init; }
}
