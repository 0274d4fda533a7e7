namespace Pipeline.Datasets.Chat.Jinja.BuiltIns;

/// <summary>The methods of Python's <c>dict</c> that a template may call; those that change it are not among them.</summary>
internal static class ObjectMethods
{
    public static IReadOnlyDictionary<string, Func<IReadOnlyDictionary<string, object?>, Arguments, object?>> All { get; } =
        new Dictionary<string, Func<IReadOnlyDictionary<string, object?>, Arguments, object?>>
        {
            ["get"] = (fields, arguments) => (arguments.Text("key"), arguments.TakeOr("default", null)) is var (key, otherwise)
                && fields.TryGetValue(key, out var value) ? value : otherwise,
            ["items"] = (fields, _) => Items(fields),
            ["keys"] = (fields, _) => fields.Keys.ToList<object?>(),
            ["values"] = (fields, _) => fields.Values.ToList(),
        };

    /// <summary>What <c>fields.name</c> is in Jinja even where there is a member of that name, which then wants <c>fields['name']</c>.</summary>
    public static IReadOnlySet<string> Shadowing { get; } = new HashSet<string>
    {
        "clear", "copy", "fromkeys", "get", "items", "keys", "pop", "popitem", "setdefault", "update", "values",
    };

    public static List<object?> Items(IReadOnlyDictionary<string, object?> fields) =>
        [.. fields.Select(object? (field) => new List<object?> { field.Key, field.Value })];
}
