using System.Numerics;
using Fractions;

namespace Pipeline.Rewards.Mathematics.Numeric;

/// <summary>A real number of 256 bits, 77 digits: <c>mantissa · 2^exponent</c>. Forty are compared, the others may be lost on the way.</summary>
internal readonly struct Real
{
    public const int Bits = 256;

    /// <summary>Of which these hold after all that a formula does to them.</summary>
    private const int CertainBits = 200;

    /// <summary>Beyond 2^±100,000 a number is of no interest and its functions would never end.</summary>
    private const int MaxScale = 100_000;

    private readonly BigInteger _mantissa;
    private readonly int _exponent;

    private Real(BigInteger mantissa, int exponent)
    {
        var surplus = (int)mantissa.GetBitLength() - Bits;
        (_mantissa, _exponent) = surplus > 0 ? (mantissa >> surplus, exponent + surplus) : (mantissa, exponent);
        if (_mantissa.IsZero) _exponent = 0;
        if (Math.Abs(_exponent) > MaxScale) throw new MathFailure(MathFailureReason.Undefined);
    }

    public static Real Zero => default;

    public static Real One { get; } = new(BigInteger.One, 0);

    public int Sign => _mantissa.Sign;

    public bool IsZero => _mantissa.IsZero;

    /// <summary>The power of two just above it.</summary>
    public int Scale => _exponent + (int)BigInteger.Abs(_mantissa).GetBitLength();

    public static implicit operator Real(int value) => new(value, 0);

    public static Real Of(Fraction value)
    {
        var shift = Bits + 2 + Math.Max(0, (int)(value.Denominator.GetBitLength() - value.Numerator.GetBitLength()));
        return new Real((value.Numerator << shift) / value.Denominator, -shift);
    }

    public static Real Of(double value)
    {
        var shift = 62 - Math.ILogB(value == 0 ? 1 : value);
        return new Real(new BigInteger(Math.ScaleB(value, shift)), -shift);
    }

    public double ToDouble() => Scale > 1000 ? double.PositiveInfinity * Sign : Math.ScaleB((double)_mantissa, _exponent);

    public static Real operator -(Real value) => new(-value._mantissa, value._exponent);

    public static Real operator +(Real left, Real right)
    {
        if (left.IsZero) return right;
        if (right.IsZero) return left;
        if (left.Scale < right.Scale) (left, right) = (right, left);
        if (left.Scale - right.Scale > Bits + 2) return left;
        var exponent = Math.Min(left._exponent, right._exponent);
        return new Real((left._mantissa << (left._exponent - exponent)) + (right._mantissa << (right._exponent - exponent)), exponent);
    }

    public static Real operator -(Real left, Real right) => left + -right;

    public static Real operator *(Real left, Real right) => new(left._mantissa * right._mantissa, left._exponent + right._exponent);

    public static Real operator /(Real left, Real right)
    {
        if (right.IsZero) throw new MathFailure(MathFailureReason.Undefined);
        var shift = Bits + 2 + Math.Max(0, (int)(right._mantissa.GetBitLength() - left._mantissa.GetBitLength()));
        return new Real((left._mantissa << shift) / right._mantissa, left._exponent - right._exponent - shift);
    }

    public Real Abs() => Sign < 0 ? -this : this;

    public Real Scaled(int powerOfTwo) => IsZero ? this : new Real(_mantissa, _exponent + powerOfTwo);

    public int CompareTo(Real other) => (this - other).Sign;

    /// <summary>The largest integer not above it, up to rounding: log_2 8 comes out a hair below 3, and is 3.</summary>
    public BigInteger Floor()
    {
        var nearest = (this + One.Scaled(-1)).Truncated();
        return (this - Of(nearest)).IsRounding(Math.Max(Scale, 1)) ? nearest : Truncated();
    }

    /// <summary>Whether all there is of it is what rounding leaves of numbers of that scale that cancel.</summary>
    public bool IsRounding(int scale) => IsZero || Scale < scale - CertainBits;

    private BigInteger Truncated() => _exponent >= 0 ? _mantissa << _exponent : _mantissa >> -_exponent;

    public static Real Of(BigInteger value) => new(value, 0);

    /// <param name="value">At least 0.</param>
    public static Real Sqrt(Real value)
    {
        if (value.IsZero) return value;
        if (value.Sign < 0) throw new MathFailure(MathFailureReason.Undefined);
        // By Newton's steps from the 53 bits that a double knows: each doubles them, so three are enough.
        var shift = value.Scale & ~1;
        var rest = value.Scaled(-shift);
        var root = Of(Math.Sqrt(rest.ToDouble()));
        for (var step = 0; step < 3; step++) root = (root + rest / root).Scaled(-1);
        return root.Scaled(shift / 2);
    }
}
