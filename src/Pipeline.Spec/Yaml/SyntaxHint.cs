using YamlDotNet.Core;

namespace Pipeline.Spec.Yaml;

/// <summary>Says in a person's words what the YAML parser stumbled over.</summary>
internal static class SyntaxHint
{
    private const string Tab = "A tab cannot indent; use spaces.";
    private const string Quote = "The quote that opens here is not closed.";

    // The parser's phrase, and what usually is behind it. A phrase of a later version is passed on as it is.
    private static readonly (string Phrase, string Hint)[] Hints =
    [
        ("found invalid mapping", "A second ': ' or a wrong indentation. Text with ': ' in it needs quotes; keys of one mapping begin in the same column."),
        ("did not find expected ',' or '}'", "A ',' or '}' is missing. Inside { } an expression needs quotes: { model: \"${{ params.base }}\" }."),
        ("did not find expected ',' or ']'", "A ',' or ']' is missing. Inside [ ] an expression needs quotes: [ \"${{ params.base }}\" ]."),
        ("did not find expected '-' indicator", "The list ends here without closing: every item begins with '-' in the same column."),
        ("found unexpected end of stream", Quote),
        ("scalar, found wrong indentation", Quote),
        ("invalid tab as indentation", Tab),
        ("found character that cannot start any token", "This character cannot begin a value; put the value in quotes."),
        ("found unknown escape character", "An unknown escape such as \\q inside double quotes; use single quotes, in which a backslash is a backslash."),
        ("did not find expected key", "A key was expected here: keys of one mapping begin in the same column."),
    ];

    /// <summary>The hint for an error of YamlDotNet, or its own words; and the line, where the error points elsewhere.</summary>
    public static (int? Line, string Hint) For(YamlException error, string text)
    {
        var hint = Array.Find(Hints, entry => error.Message.Contains(entry.Phrase, StringComparison.Ordinal)).Hint;
        return (hint == Tab ? LineOfTab(text, (int)error.Start.Line) : null, hint ?? $"Not valid YAML: {error.Message.TrimEnd('.')}.");
    }

    /// <summary>
    /// The first line from <paramref name="from"/> on that is indented with a tab; the parser points at the mapping around.
    /// </summary>
    private static int? LineOfTab(string text, int from)
    {
        foreach (var (i, line) in text.Split('\n').Index())
            if (i + 1 >= from && line.TrimStart(' ').StartsWith('\t')) return i + 1;
        return null;
    }
}
