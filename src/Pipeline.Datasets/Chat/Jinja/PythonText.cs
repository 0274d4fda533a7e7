using System.Globalization;
using System.Text;

namespace Pipeline.Datasets.Chat.Jinja;

/// <summary>Text as Python has it where .NET differs: what a blank is, how numbers are written, characters beyond U+FFFF as one.</summary>
internal static class PythonText
{
    /// <summary>Python's <c>str.isspace</c>: .NET's white space and four separators of ASCII.</summary>
    public static bool IsSpace(char sign) => char.IsWhiteSpace(sign) || sign is >= '\x1c' and <= '\x1f';

    public static bool IsBlank(ReadOnlySpan<char> text)
    {
        foreach (var sign in text)
            if (!IsSpace(sign)) return false;
        return true;
    }

    public static string Strip(string text) => StripEnd(StripStart(text));

    public static string StripStart(string text, string? characters = null)
    {
        var start = 0;
        while (start < text.Length && IsStripped(text[start], characters)) start++;
        return text[start..];
    }

    public static string StripEnd(string text, string? characters = null)
    {
        var end = text.Length;
        while (end > 0 && IsStripped(text[end - 1], characters)) end--;
        return text[..end];
    }

    /// <summary>The characters, each a string; Python counts and cuts by these and not by UTF-16 units.</summary>
    public static IReadOnlyList<string> Characters(string text) => [.. text.EnumerateRunes().Select(rune => rune.ToString())];

    /// <summary>Number of characters.</summary>
    public static long Length(string text) => text.Length - text.Count(char.IsLowSurrogate);

    /// <summary><c>str.split()</c> without a separator: at runs of white space, none of them kept.</summary>
    public static IEnumerable<string> Words(string text)
    {
        var start = 0;
        for (var at = 0; at <= text.Length; at++)
        {
            if (at < text.Length && !IsSpace(text[at])) continue;
            if (at > start) yield return text[start..at];
            start = at + 1;
        }
    }

    /// <summary><c>str.splitlines()</c> at the ends of lines that occur in text: \n, \r\n and \r.</summary>
    public static List<string> Lines(string text)
    {
        var lines = text.Replace("\r\n", "\n").Replace('\r', '\n').Split('\n').ToList();
        if (lines[^1].Length == 0) lines.RemoveAt(lines.Count - 1);
        return lines;
    }

    /// <summary>Each run of letters with its first in upper case and the others in lower case.</summary>
    public static string Title(string text)
    {
        var title = new StringBuilder(text.Length);
        var inWord = false;
        foreach (var sign in text)
        {
            title.Append(inWord ? char.ToLowerInvariant(sign) : char.ToUpperInvariant(sign));
            inWord = char.IsLetter(sign);
        }
        return title.ToString();
    }

    public static string Capitalize(string text) =>
        text.Length == 0 ? "" : text[..1].ToUpperInvariant() + text[1..].ToLowerInvariant();

    /// <summary>Python's <c>repr</c> of a float: the shortest digits that read back the same, with an exponent below 1e-4 and from 1e16.</summary>
    public static string Number(double value)
    {
        if (!double.IsFinite(value)) return double.IsNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
        var sign = double.IsNegative(value) ? "-" : "";
        if (value == 0) return sign + "0.0";
        var parts = Math.Abs(value).ToString("R", CultureInfo.InvariantCulture).Split('E');
        var plain = parts[0].IndexOf('.') is >= 0 and var at ? at : parts[0].Length;
        var digits = parts[0].Replace(".", "").TrimStart('0');
        // Where the point stands in the digits; below 0 there are zeros between.
        var point = plain - (parts[0].Replace(".", "").Length - digits.Length) + (parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0);
        digits = digits.TrimEnd('0');
        if (point is <= -4 or > 16)
        {
            var mantissa = digits.Length > 1 ? $"{digits[..1]}.{digits[1..]}" : digits;
            return $"{sign}{mantissa}e{(point > 0 ? '+' : '-')}{Math.Abs(point - 1):00}";
        }
        if (point <= 0) return $"{sign}0.{new string('0', -point)}{digits}";
        return digits.Length <= point ? $"{sign}{digits.PadRight(point, '0')}.0" : $"{sign}{digits[..point]}.{digits[point..]}";
    }

    private static bool IsStripped(char sign, string? characters) => characters is null ? IsSpace(sign) : characters.Contains(sign);
}
