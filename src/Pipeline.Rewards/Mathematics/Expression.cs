using Fractions;

namespace Pipeline.Rewards.Mathematics;

/// <summary>What a formula says, as a small tree. Differences are sums with a factor -1, quotients are powers of -1.</summary>
internal abstract record Expression
{
    public static Expression Zero { get; } = new Number(Fraction.Zero);

    public static Expression One { get; } = new Number(Fraction.One);

    public static Expression MinusOne { get; } = new Number(Fraction.MinusOne);

    public static Expression Negated(Expression value) => value is Number { Value: var number } ? new Number(-number) : new Product([MinusOne, value]);

    public static Expression Quotient(Expression numerator, Expression denominator) =>
        new Product([numerator, new Power(denominator, MinusOne)]);

    public static Expression Root(Expression value, Expression degree) => new Power(value, new Power(degree, MinusOne));

    /// <summary>An exact rational number.</summary>
    public sealed record Number(Fraction Value) : Expression;

    /// <summary>A variable or a constant with a name, see <see cref="Symbols"/>.</summary>
    public sealed record Symbol(string Name) : Expression;

    public sealed record Sum(IReadOnlyList<Expression> Terms) : Expression;

    public sealed record Product(IReadOnlyList<Expression> Factors) : Expression;

    public sealed record Power(Expression Base, Expression Exponent) : Expression;

    /// <summary>A function by its LaTeX name; <c>abs</c>, <c>floor</c>, <c>ceil</c> and <c>factorial</c> besides.</summary>
    public sealed record Call(string Function, Expression Argument) : Expression;
}
