namespace Pipeline.Datasets.Chat.Jinja.BuiltIns;

/// <summary>The tests, <c>value is name</c>. A value nobody defined passes as an empty sequence, as in Jinja.</summary>
internal static class Tests
{
    public static IReadOnlyDictionary<string, Func<object?, Arguments, bool>> All { get; } =
        new Dictionary<string, Func<object?, Arguments, bool>>
        {
            ["boolean"] = (value, _) => value is bool,
            ["defined"] = (value, _) => value is not Undefined,
            ["divisibleby"] = (value, arguments) => Remainder(value, arguments.Take("num"), arguments) == 0,
            ["eq"] = AreEqual,
            ["equalto"] = AreEqual,
            ["=="] = AreEqual,
            ["even"] = (value, arguments) => Remainder(value, 2L, arguments) == 0,
            ["false"] = (value, _) => value is false,
            ["float"] = (value, _) => value is double,
            ["ge"] = (value, arguments) => Operators.Compare(">=", value, arguments.Take("other"), arguments.At),
            ["gt"] = (value, arguments) => Operators.Compare(">", value, arguments.Take("other"), arguments.At),
            ["greaterthan"] = (value, arguments) => Operators.Compare(">", value, arguments.Take("other"), arguments.At),
            ["in"] = (value, arguments) => Operators.Compare("in", value, arguments.Take("seq"), arguments.At),
            ["integer"] = (value, _) => value is long,
            ["iterable"] = (value, _) => IsSequence(value),
            ["le"] = (value, arguments) => Operators.Compare("<=", value, arguments.Take("other"), arguments.At),
            ["lt"] = (value, arguments) => Operators.Compare("<", value, arguments.Take("other"), arguments.At),
            ["lessthan"] = (value, arguments) => Operators.Compare("<", value, arguments.Take("other"), arguments.At),
            ["mapping"] = (value, _) => value is IReadOnlyDictionary<string, object?>,
            ["ne"] = (value, arguments) => !AreEqual(value, arguments),
            ["none"] = (value, _) => value is null,
            ["number"] = (value, _) => Values.Number(value) is not null,
            ["odd"] = (value, arguments) => Remainder(value, 2L, arguments) != 0,
            ["sequence"] = (value, _) => IsSequence(value),
            ["string"] = (value, _) => value is string,
            ["true"] = (value, _) => value is true,
            ["undefined"] = (value, _) => value is Undefined,
        };

    private static bool IsSequence(object? value) => value is string || value is Undefined || Values.Items(value) is not null;

    private static bool AreEqual(object? value, Arguments arguments) => Values.AreEqual(value, arguments.Take("other"));

    private static double Remainder(object? value, object? divisor, Arguments arguments) =>
        Values.Number(Operators.Arithmetic("%", value, divisor, arguments.At))!.Value;
}
