namespace Pipeline.Rewards.Mathematics.Numeric;

/// <summary>Functions of real numbers to about 70 digits, by power series near zero and Newton's method for inverses.</summary>
internal static class Elementary
{
    private const int Guard = 8;

    /// <summary>Machin: π/4 = 4 arctan 1/5 - arctan 1/239.</summary>
    public static Real Pi { get; } = (InverseTangentOfInverse(5) * 4 - InverseTangentOfInverse(239)) * 4;

    /// <summary>ln 2 = 2 artanh 1/3.</summary>
    private static Real Ln2 { get; } = InverseHyperbolicTangentOfThird() * 2;

    public static Real Exp(Real x)
    {
        if (x.Scale > 16) throw new MathFailure(MathFailureReason.Undefined);
        // e^x = 2^k · (e^(r / 2^8))^(2^8) with |r| < ln 2, so the series needs some twenty terms.
        var k = (int)(x / Ln2).Floor();
        var r = (x - Ln2 * k).Scaled(-Guard);
        Real sum = 1, term = 1;
        for (var n = 1; !IsNegligible(term); n++) sum += term = term * r / n;
        for (var square = 0; square < Guard; square++) sum *= sum;
        return sum.Scaled(k);
    }

    /// <param name="x">Above 0.</param>
    public static Real Ln(Real x)
    {
        if (x.Sign <= 0) throw new MathFailure(MathFailureReason.Undefined);
        var k = x.Scale;
        var m = x.Scaled(-k); // 1/2 to 1
        var y = Real.Of(Math.Log(m.ToDouble()));
        // Halley's step for e^y = m triples the digits: 53, 159, 477 bits.
        for (var step = 0; step < 2; step++)
        {
            var e = Exp(y);
            y += (m - e) / (m + e) * 2;
        }
        return y + Ln2 * k;
    }

    public static (Real Sin, Real Cos) SinCos(Real x)
    {
        if (x.Scale > 64) throw new MathFailure(MathFailureReason.Undefined);
        var turn = Pi * 2;
        var r = x - turn * Real.Of((x / turn).Floor());
        Real sin = 0, cos = 0, term = 1;
        for (var n = 0; n < 12 || !IsNegligible(term); n++)
        {
            if (n > 0) term = term * r / n;
            switch (n % 4)
            {
                case 0: cos += term; break;
                case 1: sin += term; break;
                case 2: cos -= term; break;
                default: sin -= term; break;
            }
        }
        // At multiples of π/2 rounding is all that remains of one of them.
        return (sin.IsRounding(0) ? Real.Zero : sin, cos.IsRounding(0) ? Real.Zero : cos);
    }

    public static Real ArcTan(Real x)
    {
        if (x.Abs().CompareTo(1) > 0) return (x.Sign > 0 ? Pi : -Pi).Scaled(-1) - ArcTan(1 / x);
        var y = Real.Of(Math.Atan(x.ToDouble()));
        for (var step = 0; step < 2; step++)
        {
            var (sin, cos) = SinCos(y);
            y += (x * cos - sin) / (cos + x * sin); // the tangent of what is missing, which is that but for its cube
        }
        return y;
    }

    private static bool IsNegligible(Real term) => term.IsZero || term.Scale < -Real.Bits - Guard;

    private static Real InverseTangentOfInverse(int n)
    {
        Real sum = 0, power = (Real)1 / n;
        for (var k = 1; !IsNegligible(power); k += 2, power = -power / (n * n)) sum += power / k;
        return sum;
    }

    private static Real InverseHyperbolicTangentOfThird()
    {
        Real sum = 0, power = (Real)1 / 3;
        for (var k = 1; !IsNegligible(power); k += 2, power /= 9) sum += power / k;
        return sum;
    }
}
