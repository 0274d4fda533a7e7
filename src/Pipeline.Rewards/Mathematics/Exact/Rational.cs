using System.Numerics;
using Fractions;

namespace Pipeline.Rewards.Mathematics.Exact;

/// <summary>Powers of rational numbers, with an eye on their size.</summary>
internal static class Rational
{
    /// <exception cref="MathFailure">A power of zero that is none, or a number too large to be made.</exception>
    public static Fraction Raise(Fraction value, BigInteger exponent, Budget budget)
    {
        if (exponent.IsZero || value == Fraction.One) return Fraction.One;
        if (value.IsZero) return exponent.Sign > 0 ? value : throw new MathFailure(MathFailureReason.Undefined);
        if (value == Fraction.MinusOne) return exponent.IsEven ? Fraction.One : Fraction.MinusOne;
        var bits = Math.Max(value.Numerator.GetBitLength(), value.Denominator.GetBitLength());
        if (BigInteger.Abs(exponent) * bits > Budget.MaxBits) throw new MathFailure(MathFailureReason.Budget);
        budget.Spend(1 + (int)BigInteger.Abs(exponent).GetBitLength());
        var (top, bottom) = (BigInteger.Pow(value.Numerator, (int)BigInteger.Abs(exponent)), BigInteger.Pow(value.Denominator, (int)BigInteger.Abs(exponent)));
        return exponent.Sign > 0 ? new Fraction(top, bottom) : new Fraction(bottom, top);
    }
}
