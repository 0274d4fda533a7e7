namespace Pipeline.Rewards.Mathematics.Numeric;

/// <summary>A complex number of <see cref="Real.Bits"/> bits a part.</summary>
internal readonly record struct Complex(Real Re, Real Im)
{
    public static Complex One => new(Real.One, Real.Zero);

    public bool IsReal => Im.IsZero;

    public bool IsZero => Re.IsZero && Im.IsZero;

    public static implicit operator Complex(Real value) => new(value, Real.Zero);

    public static Complex operator +(Complex a, Complex b) => new(a.Re + b.Re, a.Im + b.Im);

    public static Complex operator -(Complex a, Complex b) => new(a.Re - b.Re, a.Im - b.Im);

    public static Complex operator *(Complex a, Complex b) => a.IsReal && b.IsReal
        ? a.Re * b.Re
        : new Complex(a.Re * b.Re - a.Im * b.Im, a.Re * b.Im + a.Im * b.Re);

    public Complex Inverse()
    {
        var square = Re * Re + Im * Im;
        return new Complex(Re / square, -Im / square);
    }

    /// <summary>The sum, where what cancels but for rounding is zero: sin²x + cos²x - 1.</summary>
    public static Complex Sum(IReadOnlyList<Complex> terms)
    {
        var sum = terms.Aggregate((left, right) => left + right);
        var scale = terms.Where(term => !term.IsZero).Select(term => term.Abs().Scale).DefaultIfEmpty().Max();
        return new Complex(sum.Re.IsRounding(scale) ? Real.Zero : sum.Re, sum.Im.IsRounding(scale) ? Real.Zero : sum.Im);
    }

    public Real Abs() => IsReal ? Re.Abs() : Real.Sqrt(Re * Re + Im * Im);

    public static Complex Exp(Complex z)
    {
        var size = Elementary.Exp(z.Re);
        if (z.IsReal) return size;
        var (sin, cos) = Elementary.SinCos(z.Im);
        return new Complex(size * cos, size * sin);
    }

    /// <summary>The principal value: the imaginary part is above -π and at most π.</summary>
    public static Complex Ln(Complex z) => new(Elementary.Ln(z.Abs()), z.Argument());

    private Real Argument()
    {
        if (Re.IsZero) return (Im.Sign < 0 ? -Elementary.Pi : Elementary.Pi).Scaled(-1);
        var angle = Elementary.ArcTan(Im / Re);
        return Re.Sign > 0 ? angle : Im.Sign < 0 ? angle - Elementary.Pi : angle + Elementary.Pi;
    }
}
