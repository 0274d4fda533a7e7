using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Fractions;

namespace Pipeline.Rewards.Mathematics.Exact;

/// <summary>What monomials are products of, told apart by how their names begin.</summary>
internal static class Atoms
{
    private const char PrimeMark = '#';
    private const char OpaqueMark = '?';

    /// <summary>A prime under a root.</summary>
    public static string Prime(BigInteger prime) => PrimeMark + prime.ToString(CultureInfo.InvariantCulture);

    /// <summary>
    /// Something whose inside is of no more use, such as cos(x + 1): equal to itself, else the numbers decide. Its digest is its name,
    /// or one within the other would make names without end.
    /// </summary>
    public static string Opaque(string description) => OpaqueMark + Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(description)), 0, 16);

    public static bool IsOpaque(string atom) => atom[0] == OpaqueMark;

    /// <summary>Whether it is a number that does not depend on a variable.</summary>
    public static bool IsConstant(string atom) => atom[0] == PrimeMark || atom is Symbols.Pi or Symbols.E or Symbols.I;

    /// <summary>The exponent that remains, and the rational number that the rest amounts to.</summary>
    public static (Fraction Exponent, Fraction Factor) Reduce(string atom, Fraction exponent, Budget budget)
    {
        if (atom == Symbols.I)
        {
            var power = (int)(((exponent.Numerator % 4) + 4) % 4);
            return (power % 2, power >= 2 ? Fraction.MinusOne : Fraction.One);
        }
        if (atom[0] != PrimeMark) return (exponent, Fraction.One);
        var whole = BigInteger.DivRem(exponent.Numerator, exponent.Denominator, out var rest);
        if (rest.Sign < 0) (whole, rest) = (whole - 1, rest + exponent.Denominator);
        var prime = new Fraction(BigInteger.Parse(atom.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture));
        return (new Fraction(rest, exponent.Denominator), Rational.Raise(prime, whole, budget));
    }
}
