using System.Text.RegularExpressions;
using Fractions;

namespace Pipeline.Rewards.Answers;

/// <summary>
/// An answer in a form that can be compared: an exact rational number if it is one, and its text without what does not
/// change the meaning (white space, case, dollar signs, LaTeX spacing, a final stop).
/// </summary>
/// <remarks>
/// Sets, intervals, units, roots and symbolic expressions are compared as text: <c>x+1</c> is not <c>1+x</c>. For those the paper's
/// authors, too, fall back on stronger judges.
/// </remarks>
/// <param name="Number">The exact value, if it is a number.</param>
/// <param name="Text">The normalised text.</param>
internal sealed partial record MathAnswer(Fraction? Number, string Text)
{
    /// <summary>Equal answers have equal keys, and only they.</summary>
    public string Key => Number is { } number ? $"number {number.Numerator}/{number.Denominator}" : $"text {Text}";

    /// <returns>Null if this cannot be anybody's answer: blank, braces that do not match, a zero denominator.</returns>
    public static MathAnswer? Parse(string? answer)
    {
        if (string.IsNullOrWhiteSpace(answer)) return null;
        var text = Normalise(answer);
        if (text.Length == 0 || !IsBalanced(text)) return null;
        return new NumberReader(text).TryRead(out var number)
            ? number is { IsNaN: false, IsInfinity: false } ? new MathAnswer(number, text) : null
            : new MathAnswer(null, text);
    }

    private static string Normalise(string answer)
    {
        var text = DigitsApart().Replace(answer, "_"); // two numbers side by side are not one: "1 2" is not 12
        text = text.Replace('\u2212', '-').Replace('\u2013', '-'); // minus sign, en dash
        text = text.Replace(@"\(", "").Replace(@"\)", "").Replace(@"\[", "").Replace(@"\]", "");
        text = Spacing().Replace(text, "");
        text = FractionVariants().Replace(text, @"\frac");
        text = TextCommand().Replace(text, "$1");
        text = text.Replace("{,}", ",").Replace(@"\%", "%").Replace("$", "");
        return text.TrimEnd('.', '\\').ToLowerInvariant();
    }

    private static bool IsBalanced(string text)
    {
        var depth = 0;
        foreach (var sign in text)
        {
            if (sign == '{') depth++;
            else if (sign == '}' && --depth < 0) return false;
        }
        return depth == 0;
    }

    [GeneratedRegex(@"(?<=\d)\s+(?=\d)")] private static partial Regex DigitsApart();

    [GeneratedRegex(@"\\[,!;: ]|\\left|\\right|\\\$|\s", RegexOptions.NonBacktracking)] private static partial Regex Spacing();

    [GeneratedRegex(@"\\[dtc]frac", RegexOptions.NonBacktracking)] private static partial Regex FractionVariants();

    [GeneratedRegex(@"\\(?:text|mathrm|mathbf)\{([^{}]*)\}", RegexOptions.NonBacktracking)] private static partial Regex TextCommand();
}
