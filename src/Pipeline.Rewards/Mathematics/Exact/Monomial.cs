using Fractions;

namespace Pipeline.Rewards.Mathematics.Exact;

/// <summary>
/// A product of powers of atoms: primes under a root (exponents between 0 and 1), variables, π, e, i, and what cannot be taken
/// apart, by name. Square roots of different primes are linearly independent over the rationals, and so are all products of
/// roots with such exponents (Besicovitch 1940): what is left of a difference is not zero.
/// </summary>
internal sealed class Monomial : IEquatable<Monomial>
{
    private const int StepsPerAtom = 4;

    private readonly string _key;

    private Monomial(SortedDictionary<string, Fraction> exponents)
    {
        Exponents = exponents;
        _key = string.Join('·', exponents.Select(factor => $"{factor.Key}^{factor.Value.Numerator}/{factor.Value.Denominator}"));
    }

    public static Monomial One { get; } = new(new SortedDictionary<string, Fraction>(StringComparer.Ordinal));

    /// <summary>By atom; none is zero.</summary>
    public IReadOnlyDictionary<string, Fraction> Exponents { get; }

    public static Monomial Of(string atom, Fraction exponent) =>
        new(new SortedDictionary<string, Fraction>(StringComparer.Ordinal) { [atom] = exponent });

    /// <summary>The product as a monomial and the rational number that came out of it: √2·√2 is 2, i·i is -1.</summary>
    public static (Monomial Product, Fraction Coefficient) Multiply(Monomial left, Monomial right, Budget budget)
    {
        if (left.Exponents.Count == 0) return (right, Fraction.One);
        if (right.Exponents.Count == 0) return (left, Fraction.One);
        var exponents = new SortedDictionary<string, Fraction>(StringComparer.Ordinal);
        foreach (var (atom, exponent) in left.Exponents) exponents[atom] = exponent;
        foreach (var (atom, exponent) in right.Exponents) exponents[atom] = exponents.GetValueOrDefault(atom, Fraction.Zero) + exponent;
        return Reduce(exponents, budget);
    }

    /// <summary>Each exponent times an integer.</summary>
    public static (Monomial Power, Fraction Coefficient) Raise(Monomial monomial, int exponent, Budget budget)
    {
        var exponents = new SortedDictionary<string, Fraction>(StringComparer.Ordinal);
        foreach (var (atom, own) in monomial.Exponents) exponents[atom] = own * exponent;
        return Reduce(exponents, budget);
    }

    public static (Monomial, Fraction) Reduce(SortedDictionary<string, Fraction> exponents, Budget budget)
    {
        var coefficient = Fraction.One;
        foreach (var (atom, exponent) in exponents.ToList())
        {
            budget.Spend(StepsPerAtom);
            var (rest, factor) = Atoms.Reduce(atom, exponent, budget);
            coefficient *= factor;
            if (rest.IsZero) exponents.Remove(atom);
            else exponents[atom] = rest;
        }
        return (exponents.Count == 0 ? One : new Monomial(exponents), coefficient);
    }

    /// <summary>What is a number in it, and what depends on variables.</summary>
    public (Monomial Constant, Monomial Variable) Split()
    {
        var constant = new SortedDictionary<string, Fraction>(StringComparer.Ordinal);
        var variable = new SortedDictionary<string, Fraction>(StringComparer.Ordinal);
        foreach (var (atom, exponent) in Exponents) (Atoms.IsConstant(atom) ? constant : variable)[atom] = exponent;
        return (new Monomial(constant), new Monomial(variable));
    }

    public bool Equals(Monomial? other) => other?._key == _key;

    public override bool Equals(object? obj) => Equals(obj as Monomial);

    public override int GetHashCode() => _key.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => _key;
}
