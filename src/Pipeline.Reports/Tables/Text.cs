using System.Globalization;
using System.Text.Json;
using Pipeline.Protocol.Artifacts;

namespace Pipeline.Reports.Tables;

/// <summary>Numbers as people read them.</summary>
internal static class Text
{
    /// <summary>What stands where there is no number.</summary>
    public const string None = "-";

    public static string Percent(double? share) => share is { } value && double.IsFinite(value) ? Invariant($"{100 * value:0.0} %") : None;

    public static string Interval(Estimate estimate) =>
        double.IsFinite(estimate.Low) && double.IsFinite(estimate.High)
            ? Invariant($"{100 * estimate.Low:0.0} to {100 * estimate.High:0.0} %")
            : None;

    /// <summary>A difference of shares, as +1.5.</summary>
    public static string Points(double difference) => double.IsFinite(difference) ? Invariant($"{100 * difference:+0.0;-0.0;0.0}") : None;

    public static string Points(double low, double high) => $"{Points(low)} to {Points(high)}";

    /// <summary>A p-value; those that rest on few of ten thousand draws have no further digits.</summary>
    public static string Chance(double value) => value < 0.001 ? "< 0.001" : Invariant($"{value:0.000}");

    public static string Decimal(double value) => double.IsFinite(value) ? Invariant($"{value:0.0}") : None;

    /// <summary>A count with its thousands apart, as 12,345.</summary>
    public static string Count(long? count) => count is { } value ? Invariant($"{value:#,0}") : None;

    /// <summary>A duration in its two largest units: 1 h 02 min, 3 min 05 s, 4.2 s.</summary>
    public static string Duration(double? seconds) => seconds switch
    {
        null => None,
        < 59.95 => Invariant($"{seconds:0.0} s"),
        < 3599.5 => Invariant($"{(long)Math.Round(seconds.Value) / 60} min {(long)Math.Round(seconds.Value) % 60:00} s"),
        _ => Invariant($"{(long)Math.Round(seconds.Value / 60) / 60:#,0} h {(long)Math.Round(seconds.Value / 60) % 60:00} min"),
    };

    /// <summary>The text, cut where it is longer than so many characters.</summary>
    public static string Short(string text, int length)
    {
        if (text.Length <= length) return text;
        return text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)] + "…";
    }

    /// <summary>An enum's member as it stands in JSON: awaiting_approval.</summary>
    public static string Word<T>(T member) where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(member.ToString());

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
