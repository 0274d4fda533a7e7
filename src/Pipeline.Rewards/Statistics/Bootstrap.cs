namespace Pipeline.Rewards.Statistics;

/// <summary>
/// The interval of a mean over prompts, by drawing as many prompts again and again, with replacement, and looking how the mean
/// spreads (B. Efron, "Bootstrap methods: another look at the jackknife", 1979; percentile interval). Whole prompts are
/// drawn, since the samples of one prompt are not independent (E. Miller, "Adding error bars to evals", arXiv:2411.00640).
/// </summary>
/// <remarks>Seeded: equal means in equal order give the same interval every time.</remarks>
public static class Bootstrap
{
    /// <summary>With so many an end moves by 0.7 % of the interval's width from seed to seed.</summary>
    internal const int Resamples = 10_000;

    /// <summary>The mean and its interval.</summary>
    /// <remarks>
    /// Where every prompt is all right or every prompt all wrong there is nothing to draw from, and a spread of zero would
    /// claim too much: <see cref="Wilson"/> over the prompts takes its place. Of a single prompt nothing is told: 0 to 1.
    /// </remarks>
    /// <param name="promptMeans">One a prompt, 0 to 1, e.g. the share of its graded samples that are right. At least one.</param>
    /// <param name="seed">Of the draws.</param>
    public static Interval OverPrompts(IReadOnlyList<double> promptMeans, int seed = 1)
    {
        var n = promptMeans.Count;
        if (n == 0) throw new ArgumentException("There is no prompt to take a mean over.", nameof(promptMeans));
        var mean = promptMeans.Average();
        if (n == 1) return new Interval(mean, 0, 1, null, n);
        if (promptMeans.All(value => value == 0)) return Wilson.Of(0, n);
        if (promptMeans.All(value => value == 1)) return Wilson.Of(n, n);
        var (low, high, spread) = Spread(promptMeans, seed);
        return new Interval(mean, low, high, spread, n);
    }

    /// <summary>The ends between which 95 % of the resampled means lie, and their standard deviation.</summary>
    /// <param name="values">One a prompt.</param>
    /// <param name="seed">Of the draws.</param>
    internal static (double Low, double High, double StandardDeviation) Spread(IReadOnlyList<double> values, int seed) =>
        Spread(values.Count, prompts =>
        {
            var sum = 0.0;
            foreach (var prompt in prompts) sum += values[prompt];
            return sum / values.Count;
        }, seed);

    /// <summary>The same of any number that can be made of prompts.</summary>
    /// <param name="prompts">How many there are.</param>
    /// <param name="statistic">The number, of the prompts with these indices; one that is not a number leaves the draw out.</param>
    /// <param name="seed">Of the draws.</param>
    internal static (double Low, double High, double StandardDeviation) Spread(int prompts, Func<int[], double> statistic, int seed)
    {
        var random = new Random(seed);
        var (drawn, values) = (new int[prompts], new List<double>(Resamples));
        for (var resample = 0; resample < Resamples; resample++)
        {
            for (var draw = 0; draw < prompts; draw++) drawn[draw] = random.Next(prompts);
            if (statistic(drawn) is var value && double.IsFinite(value)) values.Add(value);
        }
        if (values.Count < 2) return (double.NaN, double.NaN, double.NaN);
        var center = values.Average();
        var variance = values.Sum(value => (value - center) * (value - center)) / (values.Count - 1);
        values.Sort();
        return (Quantile(values, (1 - Interval.Coverage) / 2), Quantile(values, (1 + Interval.Coverage) / 2), Math.Sqrt(variance));
    }

    private static double Quantile(List<double> sorted, double share) => sorted[(int)Math.Round(share * (sorted.Count - 1))];
}
