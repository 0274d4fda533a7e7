using Fractions;

namespace Pipeline.Rewards.Mathematics;

/// <summary>
/// Names of units, made one a unit. A missing unit is forgiven, another one is not, and nothing is converted: 100 cm is not 1 m,
/// since the question says in what the answer is wanted. Any noun may be a unit; what changes the number is none.
/// </summary>
internal static class Units
{
    public const string Degree = "degree";
    public const string Dollar = "dollar";
    public const string Euro = "euro";
    public const string Pound = "pound";

    /// <summary>In words, "five square feet an hour": more of them are a sentence.</summary>
    private const int MaxWords = 5;

    private static readonly Dictionary<string, Fraction> s_factors = new()
    {
        ["percent"] = new Fraction(1, 100), ["dozen"] = 12, ["hundred"] = 100, ["thousand"] = 1_000, ["million"] = 1_000_000,
        ["billion"] = 1_000_000_000, ["trillion"] = 1_000_000_000_000,
    };

    private static readonly HashSet<string> s_otherNumbers =
    [
        "half", "halve", "third", "quarter", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "hundredth", "thousandth", "millionth",
        "hundred", "thousand", "million", "billion", "trillion", "squared", "cubed", "factorial", "more", "less", "fewer", "time", "plus", "minus",
        "over", "to", "through", "mod", "modulo", "base", "off", "above", "below", "between", "not", "by", "remainder", "greater", "smaller", "point",
    ];

    private static readonly Dictionary<string, string> s_names = Table(
        "degree deg", "dollar usd buck", "cent", "pound gbp", "euro eur", "radian rad",
        "millimeter millimetre mm", "centimeter centimetre cm", "meter metre m", "kilometer kilometre km", "inch inches in", "foot feet ft",
        "yard yd", "mile mi", "second sec s", "minute min", "hour hr h", "day", "week", "month", "year yr", "gram g", "kilogram kg",
        "milligram mg", "ounce oz", "lb", "liter litre l", "milliliter millilitre ml", "mile/hour mph", "kilometer/hour kph", "am a.m", "pm p.m", "unit");

    private static readonly Dictionary<string, string> s_powers = new() { ["square"] = "^2", ["sq"] = "^2", ["cubic"] = "^3", ["cu"] = "^3" };

    /// <summary>Whether letters behind a number are a unit rather than variables.</summary>
    public static bool IsKnown(string letters) => s_names.ContainsKey(Singular(letters));

    /// <summary>What the words behind a number say: by what it is multiplied (5 million, 20 percent) and what it counts.</summary>
    /// <param name="words">As written; may be empty.</param>
    /// <returns>The unit has one spelling: <c>square inches</c>, <c>sq in</c> and <c>inches^2</c> are <c>inch^2</c>. Null if none is named.</returns>
    /// <exception cref="MathFailure">They are no unit: three quarters, 5 or more.</exception>
    public static (Fraction Factor, string? Name) Read(string words)
    {
        var rest = Words(words);
        var factor = Fraction.One;
        while (rest is [var first, ..] && s_factors.TryGetValue(first, out var known)) (factor, rest) = (factor * known, rest[1..]);
        if (rest is ["of", ..]) rest = rest[1..];
        if (rest.Length > MaxWords || rest.Any(word => s_otherNumbers.Contains(Singular(word)))) throw new MathFailure(MathFailureReason.Syntax);
        return (factor, rest.Length == 0 ? null : Name(rest));
    }

    private static string Name(string[] words)
    {
        var power = words is [var first, _, ..] && s_powers.TryGetValue(first.TrimEnd('.'), out var known) ? known : "";
        var name = string.Join(' ', words.Skip(power.Length > 0 ? 1 : 0));
        var parts = name.Split('/').Select(part => part.Split('^') is [var stem, .. var exponents] ? string.Join('^', [One(stem), .. exponents]) : part);
        var joined = string.Join('/', parts) + power;
        return s_names.GetValueOrDefault(joined, joined);
    }

    private static string[] Words(string text) => text.ToLowerInvariant().Replace(" per ", "/").Replace(" / ", "/").TrimEnd('.')
        .Split([' ', '\t', '\n', '\r', '-'], StringSplitOptions.RemoveEmptyEntries);

    private static string One(string word) => s_names.GetValueOrDefault(Singular(word), Singular(word));

    private static string Singular(string word) =>
        word.Length > 2 && word.EndsWith('s') && !word.EndsWith("ss", StringComparison.Ordinal) && !s_names.ContainsKey(word) ? word[..^1] : word;

    private static Dictionary<string, string> Table(params string[] synonyms) => synonyms.Select(line => line.Split(' '))
        .SelectMany(names => names.Select(name => (Name: name, Unit: names[0]))).ToDictionary(pair => pair.Name, pair => pair.Unit);
}
