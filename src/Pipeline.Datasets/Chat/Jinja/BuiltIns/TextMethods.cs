namespace Pipeline.Datasets.Chat.Jinja.BuiltIns;

/// <summary>The methods of Python's <c>str</c> that a template may call. Case is changed character by character (ß has no capital).</summary>
internal static class TextMethods
{
    public static IReadOnlyDictionary<string, Func<string, Arguments, object?>> All { get; } =
        new Dictionary<string, Func<string, Arguments, object?>>
        {
            ["capitalize"] = (text, _) => PythonText.Capitalize(text),
            ["count"] = (text, arguments) => (long)(Pieces(text, arguments.Text("sub"), int.MaxValue, arguments).Length - 1),
            ["endswith"] = (text, arguments) => Affixes(arguments).Any(end => text.EndsWith(end, StringComparison.Ordinal)),
            ["find"] = (text, arguments) =>
                text.IndexOf(arguments.Text("sub"), StringComparison.Ordinal) is >= 0 and var at ? PythonText.Length(text[..at]) : -1L,
            ["isdigit"] = (text, _) => text.Length > 0 && text.All(char.IsDigit),
            ["join"] = (text, arguments) => string.Join(text, Texts(arguments.Take("iterable"), arguments)),
            ["lower"] = (text, _) => text.ToLowerInvariant(),
            ["lstrip"] = (text, arguments) => PythonText.StripStart(text, arguments.OptionalText("chars")),
            ["removeprefix"] = (text, arguments) =>
                arguments.Text("prefix") is var start && text.StartsWith(start, StringComparison.Ordinal) ? text[start.Length..] : text,
            ["removesuffix"] = (text, arguments) =>
                arguments.Text("suffix") is var end && text.EndsWith(end, StringComparison.Ordinal) ? text[..^end.Length] : text,
            ["replace"] = Replace,
            ["rsplit"] = (text, arguments) => Split(text, arguments, fromEnd: true),
            ["rstrip"] = (text, arguments) => PythonText.StripEnd(text, arguments.OptionalText("chars")),
            ["split"] = (text, arguments) => Split(text, arguments, fromEnd: false),
            ["splitlines"] = (text, _) => PythonText.Lines(text).ToList<object?>(),
            ["startswith"] = (text, arguments) => Affixes(arguments).Any(start => text.StartsWith(start, StringComparison.Ordinal)),
            ["strip"] = (text, arguments) => Strip(text, arguments.OptionalText("chars")),
            ["title"] = (text, _) => PythonText.Title(text),
            ["upper"] = (text, _) => text.ToUpperInvariant(),
        };

    public static string Strip(string text, string? characters) => PythonText.StripEnd(PythonText.StripStart(text, characters), characters);

    /// <summary>Replaces all of <c>old</c>, or the first <c>count</c>.</summary>
    public static string Replace(string text, Arguments arguments)
    {
        var (old, replacement) = (arguments.Text("old"), arguments.Text("new"));
        var count = arguments.OptionalInteger("count") is >= 0 and var limit ? (int)Math.Min(limit, text.Length) : int.MaxValue - 1;
        var replaced = string.Join(replacement, Pieces(text, old, count, arguments));
        arguments.Budget.Make(replaced.Length, arguments.At);
        return replaced;
    }

    private static List<object?> Split(string text, Arguments arguments, bool fromEnd)
    {
        var separator = arguments.OptionalText("sep");
        var limit = arguments.OptionalInteger("maxsplit") is >= 0 and var given ? (int)Math.Min(given, text.Length) : int.MaxValue - 1;
        if (separator is null) return limit == int.MaxValue - 1
            ? [.. PythonText.Words(text)]
            : throw arguments.Wrong("supports maxsplit together with a separator only");
        var pieces = Pieces(text, separator, fromEnd ? int.MaxValue - 1 : limit, arguments);
        var joined = fromEnd ? Math.Max(0, pieces.Length - 1 - limit) : 0; // cuts too many, taken back at the start
        return [string.Join(separator, pieces[..(joined + 1)]), .. pieces[(joined + 1)..]];
    }

    private static string[] Pieces(string text, string separator, int cuts, Arguments arguments) => separator.Length > 0
        ? text.Split(separator, cuts == int.MaxValue ? cuts : cuts + 1)
        : throw arguments.Wrong("cannot look for empty text");

    /// <summary>One beginning or end, or a list of those that will do.</summary>
    private static IEnumerable<string> Affixes(Arguments arguments) =>
        arguments.Take("affix") is var value && value is string only ? [only] : Texts(value, arguments);

    private static IEnumerable<string> Texts(object? value, Arguments arguments) =>
        value is IReadOnlyList<object?> list && list.All(item => item is string)
            ? list.Cast<string>()
            : throw arguments.Wrong($"wants a list of texts, not {Values.Describe(value)}");
}
