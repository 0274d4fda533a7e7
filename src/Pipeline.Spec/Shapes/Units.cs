using System.Globalization;

namespace Pipeline.Spec.Shapes;

/// <summary>Numbers with a unit: <c>90m</c>, <c>40GB</c>, <c>100 steps</c>. A number without one is refused, nobody has to guess.</summary>
internal static class Units
{
    /// <summary>Units of time, in seconds.</summary>
    public static IReadOnlyDictionary<string, double> Seconds { get; } = new Dictionary<string, double>
    {
        ["ms"] = 0.001, ["s"] = 1, ["m"] = 60, ["h"] = 3600, ["d"] = 86400,
    };

    /// <summary>Units of memory, in bytes: decimal as on a data sheet, binary with an i.</summary>
    public static IReadOnlyDictionary<string, double> Bytes { get; } = new Dictionary<string, double>
    {
        ["kB"] = 1e3, ["KB"] = 1e3, ["MB"] = 1e6, ["GB"] = 1e9, ["TB"] = 1e12,
        ["KiB"] = 1L << 10, ["MiB"] = 1L << 20, ["GiB"] = 1L << 30, ["TiB"] = 1L << 40,
    };

    /// <summary>Units of progress, in optimizer steps.</summary>
    public static IReadOnlyDictionary<string, double> Steps { get; } = new Dictionary<string, double> { ["step"] = 1, ["steps"] = 1 };

    /// <summary>The sum of the parts of <paramref name="text"/> in the base unit; null if it is not of that form or not above 0.</summary>
    public static double? Parse(string text, IReadOnlyDictionary<string, double> units)
    {
        var (sum, at) = (0.0, 0);
        while (at < text.Length)
        {
            var digits = Run(text, at, c => char.IsAsciiDigit(c) || c == '.');
            var spaces = Run(text, at + digits, c => c == ' ');
            var letters = Run(text, at + digits + spaces, char.IsAsciiLetter);
            var number = text.AsSpan(at, digits);
            if (digits == 0 || number[0] == '.' || number[^1] == '.') return null;
            if (!double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)) return null;
            if (!units.TryGetValue(text.Substring(at + digits + spaces, letters), out var unit)) return null;
            sum += amount * unit;
            at += digits + spaces + letters;
        }
        return sum > 0 ? sum : null;
    }

    /// <summary>The form as a regular expression.</summary>
    public static string Pattern(IReadOnlyDictionary<string, double> units) =>
        $"^([0-9]+(\\.[0-9]+)? *({string.Join('|', units.Keys)}))+$";

    private static int Run(string text, int from, Func<char, bool> holds) => text.Skip(from).TakeWhile(holds).Count();
}
