using Fractions;

namespace Pipeline.Rewards.Mathematics.Exact;

/// <summary>A sum of monomials with rational coefficients, none zero.</summary>
internal sealed class Polynomial
{
    private Polynomial(Dictionary<Monomial, Fraction> terms) => Terms = terms;

    public static Polynomial Zero { get; } = new([]);

    public static Polynomial One { get; } = Of(Fraction.One);

    public IReadOnlyDictionary<Monomial, Fraction> Terms { get; }

    public bool IsZero => Terms.Count == 0;

    public bool IsOpaque => Terms.Keys.Any(term => term.Exponents.Keys.Any(Atoms.IsOpaque));

    public static Polynomial Of(Fraction number) => Of(Monomial.One, number);

    public static Polynomial Of(Monomial monomial, Fraction coefficient) =>
        new(coefficient.IsZero ? [] : new Dictionary<Monomial, Fraction> { [monomial] = coefficient });

    /// <summary>The number, if it is a rational one.</summary>
    public Fraction? AsRational() => Terms.Count switch
    {
        0 => Fraction.Zero,
        1 when Terms.TryGetValue(Monomial.One, out var number) => number,
        _ => null,
    };

    public Polynomial Plus(Polynomial other, Budget budget)
    {
        var sum = new Dictionary<Monomial, Fraction>(Terms);
        foreach (var (monomial, coefficient) in other.Terms) Add(sum, monomial, coefficient, budget);
        return new Polynomial(sum);
    }

    public Polynomial Minus(Polynomial other, Budget budget) => Plus(other.Times(Fraction.MinusOne), budget);

    public Polynomial Times(Fraction factor) =>
        factor.IsZero ? Zero : new Polynomial(Terms.ToDictionary(term => term.Key, term => term.Value * factor));

    public Polynomial Times(Polynomial other, Budget budget)
    {
        var product = new Dictionary<Monomial, Fraction>();
        foreach (var (left, leftCoefficient) in Terms)
            foreach (var (right, rightCoefficient) in other.Terms)
            {
                var (monomial, factor) = Monomial.Multiply(left, right, budget);
                Add(product, monomial, leftCoefficient * rightCoefficient * factor, budget);
            }
        return new Polynomial(product);
    }

    /// <param name="exponent">At least 0.</param>
    /// <param name="budget">Pays.</param>
    public Polynomial Raised(int exponent, Budget budget)
    {
        if (Terms.Count == 1)
        {
            var (term, number) = Terms.Single();
            var (monomial, factor) = Monomial.Raise(term, exponent, budget);
            return Of(monomial, factor * Rational.Raise(number, exponent, budget));
        }
        var power = One;
        for (var square = this; exponent > 0; exponent >>= 1)
        {
            if ((exponent & 1) == 1) power = power.Times(square, budget);
            if (exponent > 1) square = square.Times(square, budget);
        }
        return power;
    }

    public bool Is(Polynomial other) => ReferenceEquals(this, other)
        || (Terms.Count == other.Terms.Count && Terms.All(term => other.Terms.TryGetValue(term.Key, out var coefficient) && coefficient == term.Value));

    /// <summary>The same text whatever order the terms were written in.</summary>
    public string Describe(Budget budget)
    {
        budget.Spend(1 + 4 * Terms.Count);
        return string.Join('+', Terms.OrderBy(term => term.Key.ToString(), StringComparer.Ordinal).Select(term => $"{term.Value.Numerator}/{term.Value.Denominator}{term.Key}"));
    }

    private static void Add(Dictionary<Monomial, Fraction> sum, Monomial monomial, Fraction coefficient, Budget budget)
    {
        var total = sum.GetValueOrDefault(monomial, Fraction.Zero) + coefficient;
        budget.Spend(total.Numerator);
        budget.Spend(total.Denominator);
        if (total.IsZero) sum.Remove(monomial);
        else sum[monomial] = total;
    }
}
