namespace Pipeline.Datasets.Sources;

/// <summary>What can be wrong with a row. The codes are part of the interface and never change meaning.</summary>
public static class RowErrors
{
    /// <summary>The line or record cannot be parsed.</summary>
    public const string Unreadable = "ROW_UNREADABLE";

    /// <summary>A column of the schema is missing in this row, or null.</summary>
    public const string Missing = "ROW_MISSING";

    /// <summary>A column holds something of another type.</summary>
    public const string Type = "ROW_TYPE";

    /// <summary>A text is empty or blank.</summary>
    public const string Empty = "ROW_EMPTY";

    /// <summary>The turns of a conversation are not in an order to learn from or to answer.</summary>
    public const string Turns = "ROW_TURNS";

    /// <summary>No ground truth can be found where the schema has it.</summary>
    public const string NoAnswer = "ROW_NO_ANSWER";

    /// <summary>Both sides of a preference are the same.</summary>
    public const string SameSides = "ROW_SAME_SIDES";

    /// <summary>The text holds U+FFFD, which stands where bytes were not UTF-8.</summary>
    public const string Encoding = "ROW_ENCODING";
}
