using System.Globalization;

namespace Pipeline.Spec.Yaml;

/// <summary>
/// What a plain scalar means by YAML 1.2's core schema (yaml.org/spec/1.2.2, section 10.3.2): <c>1e-4</c> is a number,
/// <c>010</c> is ten, <c>yes</c>, <c>on</c> and <c>1:30</c> are text.
/// </summary>
internal static class CoreSchema
{
    /// <summary>null, <see cref="bool"/>, <see cref="long"/>, <see cref="double"/> or <see cref="string"/>.</summary>
    public static object? Resolve(string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => null,
        "true" or "True" or "TRUE" => true,
        "false" or "False" or "FALSE" => false,
        ".inf" or ".Inf" or ".INF" or "+.inf" or "+.Inf" or "+.INF" => double.PositiveInfinity,
        "-.inf" or "-.Inf" or "-.INF" => double.NegativeInfinity,
        ".nan" or ".NaN" or ".NAN" => double.NaN,
        _ => Number(text) ?? text,
    };

    private static object? Number(string text)
    {
        if (text.StartsWith("0x", StringComparison.Ordinal)) return Whole(text[2..], 16);
        if (text.StartsWith("0o", StringComparison.Ordinal)) return Whole(text[2..], 8);
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)) return whole;
        const NumberStyles real = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        var hasDigit = text.AsSpan().IndexOfAnyInRange('0', '9') >= 0; // else `NaN` and `Infinity` would be numbers
        return hasDigit && double.TryParse(text, real, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    private static long? Whole(string digits, int radix)
    {
        if (digits.Length == 0) return null;
        long value = 0;
        foreach (var digit in digits)
        {
            var d = char.IsAsciiHexDigit(digit) ? Convert.ToInt32(digit.ToString(), 16) : radix;
            if (d >= radix || value > (long.MaxValue - d) / radix) return null;
            value = value * radix + d;
        }
        return value;
    }
}
