namespace Pipeline.Rewards;

/// <summary>Tells the chain of thought from what the user is meant to read.</summary>
public static class Thinking
{
    internal const string Open = "<think>";
    internal const string Close = "</think>";

    /// <summary>
    /// The chain of thought: between the first <c>&lt;think&gt;</c> and the <c>&lt;/think&gt;</c> after it, or to the end if it was
    /// cut off. Text without these tags is all chain of thought up to <c>&lt;answer&gt;</c>, as a base model writes it.
    /// </summary>
    public static string Of(string text)
    {
        var open = text.IndexOf(Open, StringComparison.Ordinal);
        var start = open < 0 ? 0 : open + Open.Length;
        var end = text.IndexOf(Close, start, StringComparison.Ordinal);
        if (end < 0 && open < 0) end = text.IndexOf(AnswerTag.Open, StringComparison.Ordinal);
        return end < 0 ? text[start..] : text[start..end];
    }

    /// <summary>
    /// What follows the chain of thought, which the paper calls the summary. Empty if the chain was cut off; the whole text if
    /// there is none.
    /// </summary>
    public static string After(string text)
    {
        var close = text.LastIndexOf(Close, StringComparison.Ordinal);
        if (close >= 0) return text[(close + Close.Length)..];
        return text.Contains(Open, StringComparison.Ordinal) ? "" : text;
    }
}
