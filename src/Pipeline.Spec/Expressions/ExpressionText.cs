namespace Pipeline.Spec.Expressions;

/// <summary>A piece of a text: literal, or the inside of a <c>${{ }}</c>.</summary>
/// <param name="Text">The literal, or what stands between the braces.</param>
/// <param name="IsExpression">Which of the two.</param>
internal readonly record struct TextPiece(string Text, bool IsExpression);

/// <summary>Finds the <c>${{ }}</c> in a text.</summary>
internal static class ExpressionText
{
    private const string Open = "${{";
    private const string Close = "}}";

    /// <summary>Whether there is any.</summary>
    public static bool In(string text) => text.Contains(Open, StringComparison.Ordinal);

    /// <summary>The text in pieces; null if a <c>${{</c> is not closed.</summary>
    public static IReadOnlyList<TextPiece>? Split(string text)
    {
        var pieces = new List<TextPiece>();
        for (var at = 0; at < text.Length;)
        {
            var open = text.IndexOf(Open, at, StringComparison.Ordinal);
            if (open != at) pieces.Add(new(open < 0 ? text[at..] : text[at..open], IsExpression: false));
            if (open < 0) break;
            var close = text.IndexOf(Close, open, StringComparison.Ordinal);
            if (close < 0) return null;
            pieces.Add(new(text[(open + Open.Length)..close], IsExpression: true));
            at = close + Close.Length;
        }
        return pieces;
    }
}
