using System.Text;

namespace Pipeline.Cli.Output;

/// <summary>
/// Text from outside (what a stage printed, an error message, a name) made safe for a terminal: it can neither move the
/// cursor, nor change colours or the title, nor write backwards over what stands there.
/// </summary>
internal static class Printable
{
    /// <summary>
    /// The text with control characters in caret notation, as <c>cat -v</c> has them; line ends and tabs stay, a lone
    /// carriage return (a progress bar drawn over itself) becomes a line end.
    /// </summary>
    public static string Of(string text)
    {
        if (!text.Any(IsDangerous)) return text;
        var safe = new StringBuilder(text.Length + 16);
        for (var at = 0; at < text.Length; at++)
        {
            var c = text[at];
            if (c == '\r') safe.Append(at + 1 < text.Length && text[at + 1] == '\n' ? "" : "\n");
            else if (!IsDangerous(c)) safe.Append(c);
            else if (c < 0x80) safe.Append('^').Append((char)(c ^ 0x40)); // ESC, 0x1b, is ^[; DEL, 0x7f, is ^?
            else if (c < 0xa0) safe.Append("M-^").Append((char)(c - 0x40)); // 0x9b, an eight-bit ESC [, is M-^[
            else safe.Append('?');
        }
        return safe.ToString();
    }

    /// <summary>The same on one line.</summary>
    public static string Line(string text) => Of(text).ReplaceLineEndings(" ").Replace('\t', ' ').Trim();

    private static bool IsDangerous(char c) =>
        (char.IsControl(c) && c is not ('\n' or '\t')) || c is (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');
}
