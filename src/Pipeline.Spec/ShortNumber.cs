using System.Globalization;

namespace Pipeline.Spec;

/// <summary>Numbers as people write learning rates: <c>1e-4</c> rather than <c>0.0001</c> or <c>1E-04</c>.</summary>
public static class ShortNumber
{
    /// <summary>The shortest text that reads back as the same number.</summary>
    public static string Of(double value)
    {
        var magnitude = Math.Abs(value);
        if (value == 0 || (magnitude >= 1e-3 && magnitude < 1e7))
            return value.ToString("0.#################", CultureInfo.InvariantCulture);
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        if (!text.Contains('E')) text = value.ToString("0.################E0", CultureInfo.InvariantCulture);
        var (mantissa, exponent) = (text[..text.IndexOf('E')], text[(text.IndexOf('E') + 1)..]);
        return $"{mantissa}e{int.Parse(exponent, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)}";
    }
}
