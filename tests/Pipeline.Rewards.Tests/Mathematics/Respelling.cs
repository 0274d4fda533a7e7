using System.Text.RegularExpressions;

namespace Pipeline.Rewards.Tests.Mathematics;

/// <summary>Ways of writing an answer that change its looks and nothing of what it says.</summary>
internal static partial class Respelling
{
    public static IReadOnlyList<Func<string, string>> All { get; } =
    [
        text => $"${text}$",
        text => $@"\( {text} \)",
        text => $" {text}.",
        text => $@"\displaystyle {text}",
        text => $@"\boxed{{{text}}}"[7..^1],
        text => text.Replace(@"\frac", @"\dfrac"),
        text => text.Replace(@"\dfrac", @"\frac").Replace(@"\frac", @"\tfrac"),
        text => ShortFraction().Replace(text, @"\frac{$1}{$2}"),
        text => SimpleFraction().Replace(text, "{($1)/($2)}"),
        text => text.Replace(@"\left", "").Replace(@"\right", ""),
        text => text.Replace("(", @"\left(").Replace(")", @"\right)"),
        text => text.Replace(@"\text", @"\mbox").Replace(@"\mbox", @"\textrm"),
        text => text.Replace("^\\circ", "^{\\circ}"),
        text => text.Replace("^{\\circ}", "°").Replace("^\\circ", "°"),
        text => ShortRoot().Replace(text, @"\sqrt{$1}"),
        text => text.Replace("-", "\u2212"),
        text => NarrowComma().Replace(text, ","),
        text => PlainInteger().Replace(text, match => match.Value + ".0"),
        text => PlainInteger().Replace(text, match => "+" + match.Value),
        text => text.Replace("+", " + ").Replace("=", " = "),
        text => Power().Replace(text, "^{$1}"),
        text => text.Replace("pmatrix", "bmatrix"),
        text => text.Replace(@"\pi", "π").Replace(@"\infty", "∞"),
    ];

    [GeneratedRegex(@"\\frac\s*(\d)\s*(\d)")] private static partial Regex ShortFraction();

    [GeneratedRegex(@"(?<![\d ])\\frac\{(\d+)\}\{(\d+)\}")] private static partial Regex SimpleFraction();

    [GeneratedRegex(@"\\sqrt(\d)")] private static partial Regex ShortRoot();

    [GeneratedRegex(@",\\!\s*")] private static partial Regex NarrowComma();

    [GeneratedRegex(@"^\d+$")] private static partial Regex PlainInteger();

    [GeneratedRegex(@"\^(\d)(?!\d)")] private static partial Regex Power();
}
