namespace Pipeline.Rewards.Statistics;

/// <summary>
/// The interval of a share of independent verdicts, such as the accuracy of a reward model (E. B. Wilson, "Probable
/// inference, the law of succession, and statistical inference", 1927):
/// <c>(p + z^2 / 2n ± z sqrt(p (1 - p) / n + z^2 / 4n^2)) / (1 + z^2 / n)</c>.
/// </summary>
/// <remarks>It never leaves 0 to 1, and has a width where all verdicts agree: 10 of 10 right may well be 75 %.</remarks>
public static class Wilson
{
    private const double NormalQuantile = 1.959963984540054; // 97.5 % of a normal distribution lie below

    /// <summary>The share of right verdicts and its interval.</summary>
    /// <param name="right">At most <paramref name="count"/>.</param>
    /// <param name="count">n, at least 1.</param>
    public static Interval Of(int right, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(right);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(right, count);
        var (n, p, z2) = ((double)count, right / (double)count, NormalQuantile * NormalQuantile);
        var center = (p + z2 / (2 * n)) / (1 + z2 / n);
        var half = NormalQuantile * Math.Sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n);
        // At the ends center and half are equal but for rounding.
        var (low, high) = (right == 0 ? 0 : center - half, right == count ? 1 : center + half);
        return new Interval(p, low, high, Math.Sqrt(p * (1 - p) / n), count);
    }
}
