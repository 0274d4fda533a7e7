using System.Globalization;

namespace Pipeline.Datasets.Chat.Jinja.BuiltIns;

/// <summary>The filters, <c>value | name</c>. Those that Jinja evaluates one by one give a list.</summary>
internal static class Filters
{
    public static IReadOnlyDictionary<string, Func<object?, Arguments, object?>> All { get; } =
        new Dictionary<string, Func<object?, Arguments, object?>>
        {
            ["abs"] = (value, arguments) => value switch
            {
                long number => (object)Math.Abs(number),
                double number => Math.Abs(number),
                _ => throw arguments.Wrong($"wants a number, not {Values.Describe(value)}"),
            },
            ["capitalize"] = (value, arguments) => PythonText.Capitalize(Text(value, arguments)),
            ["count"] = Length,
            ["d"] = Default,
            ["default"] = Default,
            ["first"] = (value, arguments) => Sequence(value, arguments) is [var first, ..] ? first : Values.Undefined,
            ["float"] = (value, arguments) => Values.Number(value) ?? (double.TryParse(value as string, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                ? number : arguments.TakeOr("default", 0.0)),
            ["indent"] = Indent,
            ["int"] = (value, arguments) => Values.Number(value) is { } number ? (long)number
                : long.TryParse(value as string, NumberStyles.Integer, CultureInfo.InvariantCulture, out var parsed) ? parsed : arguments.TakeOr("default", 0L),
            ["items"] = (value, arguments) => value is IReadOnlyDictionary<string, object?> fields
                ? ObjectMethods.Items(fields) : throw arguments.Wrong($"wants an object, not {Values.Describe(value)}"),
            ["join"] = Join,
            ["last"] = (value, arguments) => Sequence(value, arguments) is [.., var last] ? last : Values.Undefined,
            ["length"] = Length,
            ["list"] = (value, arguments) => Sequence(value, arguments).ToList(),
            ["lower"] = (value, arguments) => Text(value, arguments).ToLowerInvariant(),
            ["map"] = Selections.Map,
            ["reject"] = (value, arguments) => Selections.Select(value, arguments, keep: false),
            ["rejectattr"] = (value, arguments) => Selections.SelectByMember(value, arguments, keep: false),
            ["replace"] = (value, arguments) => TextMethods.Replace(Text(value, arguments), arguments),
            ["reverse"] = (value, arguments) => value is string
                ? string.Concat(Sequence(value, arguments).Reverse()) : Sequence(value, arguments).Reverse().ToList(),
            ["safe"] = Text, // nothing is escaped
            ["select"] = (value, arguments) => Selections.Select(value, arguments, keep: true),
            ["selectattr"] = (value, arguments) => Selections.SelectByMember(value, arguments, keep: true),
            ["string"] = Text,
            ["title"] = (value, arguments) => TitleFilter(Text(value, arguments)),
            ["tojson"] = (value, arguments) => PythonJson.Write(value, (int?)arguments.OptionalInteger("indent"), arguments.At),
            ["trim"] = (value, arguments) => TextMethods.Strip(Text(value, arguments), arguments.OptionalText("chars")),
            ["upper"] = (value, arguments) => Text(value, arguments).ToUpperInvariant(),
        };

    /// <summary>The items of a list, the keys of an object, the characters of a text.</summary>
    public static IReadOnlyList<object?> Sequence(object? value, Arguments arguments) => value is string text
        ? PythonText.Characters(text)
        : Values.Items(value) ?? throw arguments.Wrong($"wants a list or text, not {Values.Describe(value)}");

    private static string Text(object? value, Arguments arguments) => Values.Print(value, arguments.At);

    private static object? Length(object? value, Arguments arguments) =>
        value is string text ? PythonText.Length(text) : (long)Sequence(value, arguments).Count;

    private static object? Default(object? value, Arguments arguments)
    {
        var (otherwise, ofFalse) = (arguments.TakeOr("default_value", ""), Values.IsTrue(arguments.TakeOr("boolean", false)));
        return value is Undefined || ofFalse && !Values.IsTrue(value) ? otherwise : value;
    }

    private static string Join(object? value, Arguments arguments)
    {
        var separator = arguments.OptionalText("d") ?? "";
        var items = Sequence(value, arguments);
        if (arguments.OptionalText("attribute") is { } member) items = [.. items.Select(item => Selections.Member(item, member))];
        var joined = string.Join(separator, items.Select(item => Text(item, arguments)));
        arguments.Budget.Make(joined.Length, arguments.At);
        return joined;
    }

    private static string Indent(object? value, Arguments arguments)
    {
        var width = arguments.TakeOr("width", 4L);
        var indent = width as string ?? new string(' ', (int)Math.Clamp(width as long? ?? throw arguments.Wrong("wants text or an integer for 'width'"), 0, 1000));
        var (first, blank) = (Values.IsTrue(arguments.TakeOr("first", false)), Values.IsTrue(arguments.TakeOr("blank", false)));
        var lines = PythonText.Lines(Text(value, arguments) + "\n"); // so that an empty last line is one
        arguments.Budget.Make(lines.Count * (long)indent.Length, arguments.At);
        return string.Join('\n', lines.Select((line, index) => index == 0 ? (first ? indent : "") + line : line.Length > 0 || blank ? indent + line : line));
    }

    /// <summary>Unlike the method, the filter takes an apostrophe into the word.</summary>
    private static string TitleFilter(string text) => string.Concat(text.Select((sign, at) =>
        at == 0 || text[at - 1] is '-' or '(' or '{' or '[' or '<' || PythonText.IsSpace(text[at - 1]) ? char.ToUpperInvariant(sign) : char.ToLowerInvariant(sign)));
}
