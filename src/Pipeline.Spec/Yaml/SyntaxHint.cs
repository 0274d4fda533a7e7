namespace Pipeline.Spec.Yaml;

/// <summary>Says in a person's words what the YAML parser stumbled over.</summary>
internal static class SyntaxHint
{
    // The parser's phrase, and what usually is behind it. A phrase of a later version is passed on as it is.
    private static readonly (string Phrase, string Hint)[] Hints =
    [
        ("found invalid mapping", "A second ': ' or a wrong indentation. Text with ': ' in it needs quotes; keys of one mapping begin in the same column."),
        ("did not find expected ',' or '}'", "A ',' or '}' is missing. Inside { } an expression needs quotes: { model: \"${{ params.base }}\" }."),
        ("did not find expected ',' or ']'", "A ',' or ']' is missing. Inside [ ] an expression needs quotes: [ \"${{ params.base }}\" ]."),
        ("did not find expected '-' indicator", "The list ends here without closing: every item begins with '-' in the same column."),
        ("found unexpected end of stream", "The quote that opens here is never closed."),
        ("invalid tab as indentation", "A tab cannot indent; use spaces."),
        ("found character that cannot start any token", "This character cannot begin a value; put the value in quotes."),
        ("found unknown escape character", "An unknown escape such as \\q inside double quotes; use single quotes, in which a backslash is a backslash."),
        ("did not find expected key", "A key was expected here: keys of one mapping begin in the same column."),
    ];

    /// <summary>The hint for a message of YamlDotNet, or that message.</summary>
    public static string For(string message)
    {
        foreach (var (phrase, hint) in Hints)
            if (message.Contains(phrase, StringComparison.Ordinal)) return hint;
        return $"Not valid YAML: {message.TrimEnd('.')}.";
    }
}
