using System.Numerics;
using Fractions;
using Pipeline.Rewards.Mathematics.Exact;

namespace Pipeline.Rewards.Mathematics.Numeric;

/// <summary>The value of an expression where its variables have values. Of several values it takes the principal one, but the real odd root.</summary>
/// <param name="variables">Value by name.</param>
/// <param name="budget">Pays.</param>
internal sealed class Evaluation(IReadOnlyDictionary<string, Fraction> variables, Budget budget)
{
    private const int StepsPerFunction = 200;

    /// <summary>Of powers that are multiplied out.</summary>
    private const int MaxExponent = 10_000;

    private static readonly Complex s_i = new(Real.Zero, Real.One);

    /// <exception cref="MathFailure">It has no value there, such as the arc sine of 2.</exception>
    public Complex Of(Expression expression)
    {
        budget.Spend(4);
        return expression switch
        {
            Expression.Number { Value: var value } => Real.Of(value),
            Expression.Symbol { Name: var name } => Symbol(name),
            Expression.Sum sum => Complex.Sum([.. sum.Terms.Select(Of)]),
            Expression.Product product => product.Factors.Select(Of).Aggregate((left, right) => left * right),
            Expression.Power power => Power(power),
            Expression.Call call => Call(call.Function, Of(call.Argument)),
            _ => throw new InvalidOperationException("A kind of expression without a value."),
        };
    }

    private Complex Symbol(string name) => name switch
    {
        Symbols.Pi => Elementary.Pi,
        Symbols.E => Elementary.Exp(1),
        Symbols.I => s_i,
        _ => variables.TryGetValue(name, out var value) ? Real.Of(value) : throw new MathFailure(MathFailureReason.Undefined),
    };

    private Complex Power(Expression.Power power)
    {
        // An exact exponent tells odd roots, which negative numbers have, from even ones.
        if (NormalForm.Of(power.Exponent, budget).AsRational() is { } exact)
        {
            var value = Of(power.Base);
            return BigInteger.Abs(exact.Numerator) <= MaxExponent
                ? Integer(exact.Denominator.IsOne ? value : Root(value, exact.Denominator), exact.Numerator)
                : value is { IsReal: true, Re.Sign: > 0 } ? Elementary.Exp(Elementary.Ln(value.Re) * Real.Of(exact)) : throw new MathFailure(MathFailureReason.Undefined);
        }
        budget.Spend(2 * StepsPerFunction);
        var exponent = Of(power.Exponent);
        return Complex.Exp(power.Base is Expression.Symbol { Name: Symbols.E } ? exponent : exponent * Complex.Ln(NotZero(Of(power.Base))));
    }

    private Complex Root(Complex value, BigInteger degree)
    {
        budget.Spend(2 * StepsPerFunction);
        if (value.IsZero) return value;
        if (value.IsReal && degree == 2)
        {
            var root = Real.Sqrt(value.Re.Abs());
            return value.Re.Sign > 0 ? root : new Complex(Real.Zero, root);
        }
        if (value.IsReal && value.Re.Sign < 0 && !degree.IsEven) return -Root(-value.Re, degree).Re;
        return Complex.Exp(Complex.Ln(value) * Real.Of(new Fraction(1, degree)));
    }

    private Complex Integer(Complex value, BigInteger power)
    {
        var result = Complex.One;
        var square = power.Sign < 0 ? NotZero(value).Inverse() : value;
        for (var rest = (int)BigInteger.Abs(power); rest > 0; rest >>= 1)
        {
            budget.Spend(4);
            if ((rest & 1) == 1) result *= square;
            if (rest > 1) square *= square;
        }
        return result;
    }

    private Complex Call(string function, Complex argument)
    {
        budget.Spend(StepsPerFunction);
        switch (function)
        {
            case "abs": return argument.Abs();
            case "ln": return Complex.Ln(NotZero(argument));
        }
        if (!argument.IsReal) throw new MathFailure(MathFailureReason.Undefined);
        var x = argument.Re;
        switch (function)
        {
            case "floor": return Real.Of(x.Floor());
            case "ceil": return -Real.Of((-x).Floor());
            case "arctan": return Elementary.ArcTan(x);
            case "arcsin": return ArcSin(x);
            case "arccos": return Elementary.Pi.Scaled(-1) - ArcSin(x);
            case "sinh": return (Elementary.Exp(x) - Elementary.Exp(-x)).Scaled(-1);
            case "cosh": return (Elementary.Exp(x) + Elementary.Exp(-x)).Scaled(-1);
            case "tanh": return 1 - 2 / (Elementary.Exp(x.Scaled(1)) + 1);
        }
        var (sin, cos) = Elementary.SinCos(x);
        return function switch
        {
            "sin" => sin,
            "cos" => cos,
            "tan" => sin / cos,
            "cot" => cos / sin,
            "sec" => 1 / cos,
            "csc" => 1 / sin,
            _ => throw new MathFailure(MathFailureReason.Undefined),
        };
    }

    private static Complex NotZero(Complex value) => value.IsZero ? throw new MathFailure(MathFailureReason.Undefined) : value;

    private static Real ArcSin(Real x)
    {
        var rest = 1 - x * x;
        if (rest.IsRounding(1)) return (x.Sign < 0 ? -Elementary.Pi : Elementary.Pi).Scaled(-1);
        return rest.Sign < 0 ? throw new MathFailure(MathFailureReason.Undefined) : Elementary.ArcTan(x / Real.Sqrt(rest));
    }
}
