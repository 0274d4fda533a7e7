using System.Numerics;
using Fractions;

namespace Pipeline.Rewards.Mathematics.Exact;

/// <summary>
/// A quotient of polynomials in roots of primes, variables and constants. Two expressions without opaque parts are identical if
/// and only if their forms are equal, crosswise: <c>a/b = c/d</c> if <c>ad - bc</c> is the zero polynomial.
/// </summary>
/// <param name="Numerator">Above the line.</param>
/// <param name="Denominator">Below it, not zero.</param>
internal sealed record NormalForm(Polynomial Numerator, Polynomial Denominator)
{
    private const int MaxFactorial = 800;
    private const int MaxPowerOfRoot = 1_000;

    /// <summary>The number, if it is a rational one.</summary>
    public Fraction? AsRational() => Numerator.AsRational() is { } top && Denominator.AsRational() is { } bottom ? top / bottom : null;

    /// <exception cref="MathFailure">It has no value, or costs too much.</exception>
    public static NormalForm Of(Expression expression, Budget budget)
    {
        budget.Spend();
        switch (expression)
        {
            case Expression.Number { Value: var value }:
                budget.Spend(value.Numerator);
                budget.Spend(value.Denominator);
                return Of(Polynomial.Of(value));
            case Expression.Symbol { Name: var name }: return OfAtom(name);
            case Expression.Sum sum:
                return sum.Terms.Select(term => Of(term, budget)).Aggregate((left, right) => Plus(left, right, budget));
            case Expression.Product product:
                return product.Factors.Select(factor => Of(factor, budget)).Aggregate((left, right) => Times(left, right, budget));
            case Expression.Power power: return Raise(Of(power.Base, budget), Of(power.Exponent, budget), budget);
            case Expression.Call call: return Apply(call.Function, Of(call.Argument, budget), budget);
            default: throw new InvalidOperationException("A kind of expression without a normal form.");
        }
    }

    /// <summary>What is zero if and only if the two are equal.</summary>
    public static Polynomial Difference(NormalForm left, NormalForm right, Budget budget) =>
        left.Numerator.Times(right.Denominator, budget).Minus(right.Numerator.Times(left.Denominator, budget), budget);

    private static NormalForm Of(Polynomial polynomial) => new(polynomial, Polynomial.One);

    private static NormalForm OfAtom(string atom) => Of(Polynomial.Of(Monomial.Of(atom, Fraction.One), Fraction.One));

    private static NormalForm Plus(NormalForm left, NormalForm right, Budget budget) =>
        left.Denominator.Is(right.Denominator)
            ? new(left.Numerator.Plus(right.Numerator, budget), left.Denominator)
            : new(left.Numerator.Times(right.Denominator, budget).Plus(right.Numerator.Times(left.Denominator, budget), budget),
                left.Denominator.Times(right.Denominator, budget));

    private static NormalForm Times(NormalForm left, NormalForm right, Budget budget) =>
        new(left.Numerator.Times(right.Numerator, budget), left.Denominator.Times(right.Denominator, budget));

    private static NormalForm Inverse(NormalForm value, Budget budget)
    {
        if (value.Numerator.IsZero) throw new MathFailure(MathFailureReason.Undefined);
        if (value.Numerator.Terms.Count > 1) return new(value.Denominator, value.Numerator);
        // One term goes above the line, with exponents of the other sign; so most denominators are 1.
        var (monomial, coefficient) = value.Numerator.Terms.Single();
        var (inverse, factor) = Monomial.Raise(monomial, -1, budget);
        return Of(value.Denominator.Times(Polynomial.Of(inverse, factor / coefficient), budget));
    }

    private static NormalForm Raise(NormalForm value, NormalForm exponent, Budget budget)
    {
        if (exponent.AsRational() is not { } power)
            return OfAtom(Atoms.Opaque($"({value.Describe(budget)})^({exponent.Describe(budget)})"));
        if (power.Denominator.IsOne) return RaiseToInteger(value, power.Numerator, budget);
        if (value.AsRational() is { } rational) return Radical(rational, power, budget);
        if (BigInteger.Abs(power.Numerator) > MaxPowerOfRoot) return OfAtom(Atoms.Opaque($"({value.Describe(budget)})^({power})"));
        // An even root of a variable stays closed: √(x²) is |x|. Its integer powers are its own.
        var root = OfAtom(Atoms.Opaque($"({value.Describe(budget)})^(1/{power.Denominator})"));
        return RaiseToInteger(root, power.Numerator, budget);
    }

    private static NormalForm RaiseToInteger(NormalForm value, BigInteger exponent, Budget budget)
    {
        if (value.AsRational() is { } rational) return Of(Polynomial.Of(Rational.Raise(rational, exponent, budget)));
        if (BigInteger.Abs(exponent) > int.MaxValue) throw new MathFailure(MathFailureReason.Budget);
        var size = (int)BigInteger.Abs(exponent);
        var power = new NormalForm(value.Numerator.Raised(size, budget), value.Denominator.Raised(size, budget));
        return exponent.Sign < 0 ? Inverse(power, budget) : power;
    }

    /// <summary>
    /// A rational number to a broken power as a product of roots of primes. Odd roots of negative numbers are real, as in school;
    /// the square root of -1 is i.
    /// </summary>
    private static NormalForm Radical(Fraction value, Fraction power, Budget budget)
    {
        if (value.IsZero) return power.IsPositive ? Of(Polynomial.Zero) : throw new MathFailure(MathFailureReason.Undefined);
        var result = Of(Polynomial.One);
        if (value.IsNegative)
        {
            if (power.Denominator.IsEven && power.Denominator != 2) return OfAtom(Atoms.Opaque($"{value}^{power}"));
            var sign = power.Denominator.IsEven ? OfAtom(Symbols.I) : Of(Polynomial.Of(Fraction.MinusOne));
            result = RaiseToInteger(sign, power.Numerator, budget);
        }
        var roots = new SortedDictionary<string, Fraction>(StringComparer.Ordinal);
        foreach (var (prime, count) in Primes.Of(BigInteger.Abs(value.Numerator), budget)) roots[prime] = power * count;
        foreach (var (prime, count) in Primes.Of(value.Denominator, budget)) roots[prime] = roots.GetValueOrDefault(prime, Fraction.Zero) - power * count;
        var (monomial, coefficient) = Monomial.Reduce(roots, budget);
        return Times(result, Of(Polynomial.Of(monomial, coefficient)), budget);
    }

    private static NormalForm Apply(string function, NormalForm argument, Budget budget)
    {
        var number = argument.AsRational();
        switch (function, number)
        {
            case ("abs", { } value): return Of(Polynomial.Of(value.IsNegative ? -value : value));
            case ("floor", { } value): return Of(Polynomial.Of(new Fraction(Floor(value))));
            case ("ceil", { } value): return Of(Polynomial.Of(new Fraction(-Floor(-value))));
            case ("factorial", { Denominator.IsOne: true, IsNegative: false } value): return Of(Polynomial.Of(Factorial(value.Numerator, budget)));
            case ("factorial", not null): throw new MathFailure(MathFailureReason.Undefined);
            case ("ln", { IsZero: true }): throw new MathFailure(MathFailureReason.Undefined);
            case ("ln", { } value) when value == Fraction.One: return Of(Polynomial.Zero);
            default: return OfAtom(Atoms.Opaque($"{function}({argument.Describe(budget)})"));
        }
    }

    private static BigInteger Floor(Fraction value)
    {
        var whole = BigInteger.DivRem(value.Numerator, value.Denominator, out var rest);
        return rest.Sign < 0 ? whole - 1 : whole;
    }

    private static Fraction Factorial(BigInteger n, Budget budget)
    {
        if (n > MaxFactorial) throw new MathFailure(MathFailureReason.Budget);
        var product = BigInteger.One;
        for (var factor = 2; factor <= n; factor++)
        {
            product *= factor;
            budget.Spend();
        }
        return new Fraction(product);
    }

    private string Describe(Budget budget) => $"{Numerator.Describe(budget)}÷{Denominator.Describe(budget)}";
}
