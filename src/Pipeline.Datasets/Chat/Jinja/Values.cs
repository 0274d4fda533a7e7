using System.Globalization;

namespace Pipeline.Datasets.Chat.Jinja;

/// <summary>
/// What templates compute with: string, long, double, bool, null, lists, dictionaries, a namespace and a loop's state,
/// with Python's truth, equality and printing.
/// </summary>
internal static class Values
{
    /// <summary>The value of a name nobody defined: it may be tested and defaulted, not written or computed with.</summary>
    public static readonly object Undefined = new Undefined(IsWritable: false);

    /// <summary>The value of an <c>if</c> without <c>else</c> whose condition does not hold; it is written as nothing.</summary>
    public static readonly object Omitted = new Undefined(IsWritable: true);

    public static bool IsTrue(object? value) => value switch
    {
        null => false,
        bool flag => flag,
        string text => text.Length > 0,
        long number => number != 0,
        double number => number != 0,
        IReadOnlyList<object?> list => list.Count > 0,
        IReadOnlyDictionary<string, object?> fields => fields.Count > 0,
        _ => value is not Jinja.Undefined,
    };

    public static bool AreEqual(object? left, object? right) => (Number(left), Number(right)) is ({ } one, { } other)
        ? one == other
        : (left, right) switch
        {
            (IReadOnlyList<object?> first, IReadOnlyList<object?> second) =>
                first.Count == second.Count && first.Zip(second).All(pair => AreEqual(pair.First, pair.Second)),
            (IReadOnlyDictionary<string, object?> first, IReadOnlyDictionary<string, object?> second) =>
                first.Count == second.Count && first.All(field => second.TryGetValue(field.Key, out var value) && AreEqual(field.Value, value)),
            _ => Equals(left, right),
        };

    /// <summary>True and false are numbers to Python; null if the value is none.</summary>
    public static double? Number(object? value) => value switch
    {
        bool flag => flag ? 1 : 0,
        long number => number,
        double number => number,
        _ => null,
    };

    /// <summary>As <c>{{ value }}</c> writes it.</summary>
    /// <exception cref="DatasetException">
    /// A list or an object, which Jinja would write as Python's source code, or a value that nobody defined, where Jinja
    /// would write nothing and so hide a misspelt name.
    /// </exception>
    public static string Print(object? value, Position at) => value switch
    {
        string text => text,
        long number => number.ToString(CultureInfo.InvariantCulture),
        double number => PythonText.Number(number),
        bool flag => flag ? "True" : "False",
        null => "None",
        Jinja.Undefined { IsWritable: true } => "",
        _ => throw at.RenderError($"{Describe(value)} cannot be written; only text and numbers can. Write a list or an object with tojson."),
    };

    /// <summary>What can be looped over: the items of a list, the keys of an object.</summary>
    public static IReadOnlyList<object?>? Items(object? value) => value switch
    {
        IReadOnlyList<object?> list => list,
        IReadOnlyDictionary<string, object?> fields => [.. fields.Keys],
        _ => null,
    };

    public static string Describe(object? value) => value switch
    {
        string { Length: > 40 } text => $"'{text[..40]}…'",
        string text => $"'{text}'",
        null => "none",
        IReadOnlyList<object?> => "a list",
        IReadOnlyDictionary<string, object?> fields => $"an object with {string.Join(", ", fields.Keys.DefaultIfEmpty("nothing"))}",
        Namespace => "a namespace",
        LoopState => "a loop",
        Macro or Delegate => "a function",
        double number => PythonText.Number(number),
        _ => value is Jinja.Undefined ? "an undefined value" : Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}

/// <summary>No value.</summary>
/// <param name="IsWritable">Whether it is written as nothing, and not an error.</param>
internal sealed record Undefined(bool IsWritable);
