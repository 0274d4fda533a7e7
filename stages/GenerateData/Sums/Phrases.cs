namespace Pipeline.Stages.GenerateData.Sums;

/// <summary>How one language words a sum. The words that carry the language are the same in every trace, so mixing can be counted.</summary>
/// <param name="Language">Language code.</param>
/// <param name="Request">Begins the prompt.</param>
/// <param name="Plus">Between the running total and the next term.</param>
/// <param name="Is">Before the new total.</param>
/// <param name="Wait">Begins a line that corrects the one before.</param>
internal sealed record Phrases(string Language, string Request, string Plus, string Is, string Wait)
{
    public static Phrases English { get; } = new("en", "add ", " plus ", " is ", "wait, ");

    public static Phrases Spanish { get; } = new("es", "suma ", " mas ", " son ", "espera, ");

    public static IReadOnlyList<Phrases> All { get; } = [English, Spanish];

    /// <summary>The phrases that the tokenizer knows as one token each, so that a step is about seven tokens.</summary>
    public IEnumerable<string> Tokens => [Request, Plus, Is, Wait];

    /// <summary><c>13 plus c2 is 15</c>.</summary>
    public string Step(string total, string term, int result) => $"{total}{Plus}{term}{Is}{result}";
}
