using System.Globalization;
using System.Text;

namespace Pipeline.Datasets.Chat.Jinja.BuiltIns;

/// <summary>The functions a template may call beside its own macros.</summary>
internal static class Functions
{
    /// <summary>The one whose value changes from day to day.</summary>
    public const string Clock = "strftime_now";

    /// <summary>As many as Jinja's sandbox allows.</summary>
    private const long LongestRange = 100_000;

    public static IReadOnlyDictionary<string, Func<Arguments, TimeProvider, object?>> All { get; } =
        new Dictionary<string, Func<Arguments, TimeProvider, object?>>
        {
            ["dict"] = (arguments, _) => arguments.AllNamed().ToDictionary(),
            ["namespace"] = (arguments, _) => new Namespace(arguments.AllNamed()),
            ["raise_exception"] = (arguments, _) => throw arguments.At.RenderError(Values.Print(arguments.Take("message"), arguments.At)),
            ["range"] = (arguments, _) => Range(arguments),
            [Clock] = (arguments, clock) => Format(clock.GetLocalNow(), arguments),
        };

    private static List<object?> Range(Arguments arguments)
    {
        var first = arguments.OptionalInteger("start") ?? throw arguments.Wrong("needs a number");
        var (start, stop) = arguments.OptionalInteger("stop") is { } second ? (first, second) : (0, first);
        var step = arguments.OptionalInteger("step") ?? 1;
        if (step == 0) throw arguments.Wrong("cannot step by 0");
        var count = step > 0 ? (stop - start + step - 1) / step : (start - stop - step - 1) / -step;
        if (count > LongestRange) throw arguments.Wrong($"may have at most {LongestRange:N0} numbers, not {count:N0}");
        arguments.Budget.Make(count, arguments.At);
        return [.. Enumerable.Range(0, (int)Math.Max(count, 0)).Select(object? (index) => start + index * step)];
    }

    private static string Format(DateTimeOffset now, Arguments arguments)
    {
        var format = arguments.Text("format");
        var text = new StringBuilder();
        for (var at = 0; at < format.Length; at++)
            text.Append(format[at] == '%' && ++at <= format.Length ? Field(at < format.Length ? format[at] : '\0') : format[at].ToString());
        return text.ToString();

        string Field(char directive) => directive switch
        {
            '%' => "%",
            'Y' => Written("yyyy"),
            'y' => Written("yy"),
            'm' => Written("MM"),
            'd' => Written("dd"),
            'B' => Written("MMMM"),
            'b' => Written("MMM"),
            'A' => Written("dddd"),
            'a' => Written("ddd"),
            'H' => Written("HH"),
            'I' => Written("hh"),
            'M' => Written("mm"),
            'S' => Written("ss"),
            'p' => Written("tt"),
            'j' => now.DayOfYear.ToString("000", CultureInfo.InvariantCulture),
            _ => throw arguments.Wrong($"does not know %{directive}; it knows %% %Y %y %m %d %B %b %A %a %H %I %M %S %p %j"),
        };

        string Written(string field) => now.ToString(field, CultureInfo.InvariantCulture);
    }
}
