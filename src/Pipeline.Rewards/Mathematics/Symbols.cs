namespace Pipeline.Rewards.Mathematics;

/// <summary>Names of symbols that are not variables.</summary>
internal static class Symbols
{
    public const string Pi = "π";

    /// <summary>Euler's number. The letter e is always it, as i is always the imaginary unit.</summary>
    public const string E = "e";

    public const string I = "i";

    /// <summary>Neither a number nor a variable: equal to itself only.</summary>
    public const string Infinity = "∞";

    /// <summary>The symbol of a numeral with a base: 52_8 is asked for as a numeral, and its value 42 is another answer.</summary>
    public static string Numeral(string digits, int radix) => $"{digits}_{radix}";

    public static bool IsVariable(string name) => name is not (Pi or E or I or Infinity) && !char.IsAsciiDigit(name[0]);
}
