using System.Globalization;
using System.Text;

namespace Pipeline.Reports.Reading;

/// <summary>Makes text that a stage wrote safe to print.</summary>
internal static class Printable
{
    /// <summary>
    /// The text with every control and formatting character replaced, so that it can neither move a terminal's cursor
    /// nor turn the direction of the text around it.
    /// </summary>
    public static string Of(string text)
    {
        var safe = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is '\n' or '\t') safe.Append(' ');
            else if (Acts(rune)) safe.Append('\uFFFD');
            else safe.Append(rune);
        }
        return safe.ToString();
    }

    private static bool Acts(Rune rune) => Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
