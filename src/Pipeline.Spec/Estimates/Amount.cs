namespace Pipeline.Spec.Estimates;

/// <summary>A number that is known before a stage runs; what is not known has none.</summary>
/// <param name="Value">The number.</param>
/// <param name="AtMost">Whether it is only a bound: what is less depends on lengths or rows that nobody knows yet.</param>
public sealed record Amount(double Value, bool AtMost = false)
{
    /// <summary>The sum; null if a part is not known.</summary>
    public static Amount? Sum(params IEnumerable<Amount?> parts)
    {
        var (sum, atMost) = (0.0, false);
        foreach (var part in parts)
        {
            if (part is null) return null;
            (sum, atMost) = (sum + part.Value, atMost || part.AtMost);
        }
        return new Amount(sum, atMost);
    }

    /// <summary>So many times as much.</summary>
    public static Amount operator *(Amount amount, double factor) => amount with { Value = amount.Value * factor };

    /// <summary>The product of two numbers that are known.</summary>
    public static Amount? Product(Amount? one, Amount? other) =>
        one is null || other is null ? null : new Amount(one.Value * other.Value, one.AtMost || other.AtMost);

    /// <summary>The smaller of what is known.</summary>
    public static Amount? Least(Amount? one, Amount? other) =>
        one is null || other is null ? (one ?? other) is { } known ? known with { AtMost = true } : null
        : new Amount(Math.Min(one.Value, other.Value), (one.Value <= other.Value ? one : other).AtMost);
}
