using System.Globalization;
using System.Text.Json;

namespace Pipeline.Rewards.Code;

/// <summary>Whether what a program gave is what it should have given.</summary>
internal static class Comparison
{
    /// <summary>
    /// Line by line and word by word, whatever the white space at the end of a line or between words; words that are numbers
    /// compare as numbers, so 0.50 is 0.5 (as LiveCodeBench does, arXiv:2403.07974).
    /// </summary>
    public static bool SameText(string output, string expected)
    {
        var (lines, wanted) = (output.TrimEnd().Split('\n'), expected.TrimEnd().Split('\n'));
        return lines.Length == wanted.Length && lines.Zip(wanted).All(pair => SameLine(pair.First, pair.Second));
    }

    /// <summary>As JSON, numbers by value. Objects compare whatever their order.</summary>
    public static bool SameValue(JsonElement value, JsonElement expected) => (value.ValueKind, expected.ValueKind) switch
    {
        (JsonValueKind.Number, JsonValueKind.Number) => SameNumber(value.GetRawText(), expected.GetRawText()),
        (JsonValueKind.Array, JsonValueKind.Array) => value.GetArrayLength() == expected.GetArrayLength()
            && value.EnumerateArray().Zip(expected.EnumerateArray()).All(pair => SameValue(pair.First, pair.Second)),
        (JsonValueKind.Object, JsonValueKind.Object) => value.EnumerateObject().Count() == expected.EnumerateObject().Count()
            && value.EnumerateObject().All(member => expected.TryGetProperty(member.Name, out var wanted) && SameValue(member.Value, wanted)),
        _ => JsonElement.DeepEquals(value, expected),
    };

    private static bool SameLine(string line, string expected)
    {
        var (words, wanted) = (line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries), expected.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return words.Length == wanted.Length && words.Zip(wanted).All(pair => pair.First == pair.Second || SameNumber(pair.First, pair.Second));
    }

    /// <summary>Integers of any size exactly; else to 12 digits, which is what two ways to the same double agree in.</summary>
    private static bool SameNumber(string number, string expected)
    {
        if (number == expected) return true;
        if (IsInteger(number) && IsInteger(expected))
            return System.Numerics.BigInteger.Parse(number, CultureInfo.InvariantCulture) == System.Numerics.BigInteger.Parse(expected, CultureInfo.InvariantCulture);
        return double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            && double.TryParse(expected, NumberStyles.Float, CultureInfo.InvariantCulture, out var wanted)
            && Math.Abs(value - wanted) <= 1e-12 * Math.Abs(wanted);
    }

    private static bool IsInteger(string text) => text.Length is > 0 and < 10_000 && text.AsSpan(text[0] == '-' ? 1 : 0) is { Length: > 0 } digits && !digits.ContainsAnyExceptInRange('0', '9');
}
