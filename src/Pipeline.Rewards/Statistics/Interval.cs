namespace Pipeline.Rewards.Statistics;

/// <summary>A mean and its 95 % confidence interval.</summary>
/// <param name="Value">The mean.</param>
/// <param name="Low">Lower end; null for fewer than two prompts, of which no spread can be told.</param>
/// <param name="High">Upper end; null likewise.</param>
/// <param name="Count">n, the prompts it is made of.</param>
public sealed record Interval(double Value, double? Low, double? High, int Count)
{
    private const double NormalQuantile = 1.96; // 97.5 % of a normal distribution lie below

    /// <summary>
    /// Mean over prompts, clustered by prompt: samples of one prompt are not independent, so the spread is taken between the
    /// means of the prompts,
    /// <c>mean ± 1.96 s / sqrt(n)</c> with <c>s^2 = sum (x_i - mean)^2 / (n - 1)</c>
    /// (E. Miller, "Adding error bars to evals", arXiv:2411.00640).
    /// </summary>
    /// <remarks>A normal approximation: its ends may lie outside 0 to 1, and where all prompts agree it has no width.</remarks>
    /// <param name="promptMeans">One a prompt, e.g. the share of its graded samples that are right. At least one.</param>
    public static Interval OverPrompts(IReadOnlyCollection<double> promptMeans)
    {
        var n = promptMeans.Count;
        if (n == 0) throw new ArgumentException("There is no prompt to take a mean over.", nameof(promptMeans));
        var mean = promptMeans.Average();
        if (n == 1) return new Interval(mean, null, null, n);
        var variance = promptMeans.Sum(value => (value - mean) * (value - mean)) / (n - 1);
        var half = NormalQuantile * Math.Sqrt(variance / n);
        return new Interval(mean, mean - half, mean + half, n);
    }
}
