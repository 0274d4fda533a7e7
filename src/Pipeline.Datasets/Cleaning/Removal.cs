namespace Pipeline.Datasets.Cleaning;

/// <summary>A row that was taken out, and why.</summary>
/// <param name="File">The file it stands in.</param>
/// <param name="Row">Its number.</param>
/// <param name="Reason">Why, in a word: <c>duplicate</c>, <c>near_duplicate</c>, <c>contaminated</c>.</param>
/// <param name="Of">The row it repeats, by its number in the order of reading, or the evaluation row it shares words with.</param>
/// <param name="OfFile">The file of that row; null if it is of the same dataset.</param>
/// <param name="Text">How it begins.</param>
public sealed record Removal(string File, long Row, string Reason, long Of, string? OfFile, string Text)
{
    private const int TextLength = 200;

    internal static string Beginning(string text) => text.Length <= TextLength ? text : $"{text[..TextLength]}…";
}

/// <summary>What became of the rows.</summary>
/// <param name="Rows">Rows read.</param>
/// <param name="Kept">Rows written.</param>
/// <param name="Removed">Rows taken out, by reason.</param>
/// <param name="Bytes">Memory that was held to compare with.</param>
public sealed record CleaningCounts(long Rows, long Kept, IReadOnlyDictionary<string, long> Removed, long Bytes);
