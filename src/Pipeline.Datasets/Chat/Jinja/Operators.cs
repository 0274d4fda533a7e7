namespace Pipeline.Datasets.Chat.Jinja;

/// <summary>Python's operators between two values.</summary>
internal static class Operators
{
    /// <summary><c>== != &lt; &lt;= &gt; &gt;= in</c>.</summary>
    /// <exception cref="DatasetException">Values of these kinds cannot be compared.</exception>
    public static bool Compare(string sign, object? left, object? right, Position at) => (sign, left, right) switch
    {
        ("==", _, _) => Values.AreEqual(left, right),
        ("!=", _, _) => !Values.AreEqual(left, right),
        ("in", string part, string whole) => whole.Contains(part, StringComparison.Ordinal),
        ("in", string key, IReadOnlyDictionary<string, object?> fields) => fields.ContainsKey(key),
        ("in", _, IReadOnlyList<object?> list) => list.Any(item => Values.AreEqual(item, left)),
        (not "in", string one, string other) => Holds(sign, string.CompareOrdinal(one, other)),
        (not "in", _, _) when (Values.Number(left), Values.Number(right)) is ({ } one, { } other) => Holds(sign, one.CompareTo(other)),
        _ => throw NotPossible(sign, left, right, at),
    };

    /// <summary><c>+ - * / // % **</c>: whole numbers stay whole but for <c>/</c>; texts and lists can be added, a text repeated.</summary>
    /// <exception cref="DatasetException">Not between values of these kinds, or not these numbers.</exception>
    public static object? Arithmetic(string sign, object? left, object? right, Position at)
    {
        try
        {
            return (sign, left, right) switch
            {
                ("+", string first, string second) => first + second,
                ("+", IReadOnlyList<object?> first, IReadOnlyList<object?> second) => (List<object?>)[.. first, .. second],
                ("*", string text, long times) => Repeat(text, times, at),
                ("/", long or double, long or double) => Divide(Values.Number(left)!.Value, Values.Number(right)!.Value),
                ("**", long, < 0L) => Fractional(sign, Values.Number(left)!.Value, Values.Number(right)!.Value),
                (_, long first, long second) => Whole(sign, first, second),
                (_, long or double, long or double) => Fractional(sign, Values.Number(left)!.Value, Values.Number(right)!.Value),
                _ => throw NotPossible(sign, left, right, at),
            };
        }
        catch (ArithmeticException error) // division by zero, beyond 64 bits
        {
            throw at.RenderError($"{Values.Describe(left)} {sign} {Values.Describe(right)} cannot be computed: {error.Message}");
        }
    }

    private static long Whole(string sign, long left, long right) => checked(sign switch
    {
        "+" => left + right,
        "-" => left - right,
        "*" => left * right,
        "//" => (left - Modulo(left, right)) / right,
        "%" => Modulo(left, right),
        "**" => (long)System.Numerics.BigInteger.Pow(left, (int)Math.Min(right, 4096)),
        _ => throw new InvalidOperationException($"No operator {sign}."),
    });

    private static double Fractional(string sign, double left, double right) => sign switch
    {
        "+" => left + right,
        "-" => left - right,
        "*" => left * right,
        "//" => Math.Floor(Divide(left, right)),
        "%" => left - right * Math.Floor(Divide(left, right)),
        "**" => Math.Pow(left, right),
        _ => throw new InvalidOperationException($"No operator {sign}."),
    };

    private static double Divide(double left, double right) => right != 0 ? left / right : throw new DivideByZeroException();

    /// <summary>Of the divisor's sign, as Python has it.</summary>
    private static long Modulo(long left, long right) => left % right is var rest && rest != 0 && rest < 0 != right < 0 ? rest + right : rest;

    private static string Repeat(string text, long times, Position at) => text.Length * (double)times < 1 << 24
        ? string.Concat(Enumerable.Repeat(text, (int)Math.Max(0, times)))
        : throw at.RenderError($"{times} times a text of {text.Length} characters is too much.");

    private static bool Holds(string sign, int comparison) => sign switch
    {
        "<" => comparison < 0,
        "<=" => comparison <= 0,
        ">" => comparison > 0,
        _ => comparison >= 0,
    };

    private static DatasetException NotPossible(string sign, object? left, object? right, Position at) =>
        at.RenderError($"'{sign}' between {Values.Describe(left)} and {Values.Describe(right)} is not possible.");
}
