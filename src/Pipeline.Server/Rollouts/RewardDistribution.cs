namespace Pipeline.Server.Rollouts;

/// <summary>How the rewards of a stage's completions spread, step by step: columns of a histogram.</summary>
/// <param name="Edges">[bins + 1]: bin i holds rewards from edge i up to edge i + 1; the last bin holds its upper edge too.</param>
/// <param name="Steps">The steps whose rollouts were kept.</param>
/// <param name="Shares">[steps][bins]: share of the step's completions in each bin; they add up to 1.</param>
internal sealed record RewardDistribution(
    IReadOnlyList<double> Edges, IReadOnlyList<long> Steps, IReadOnlyList<IReadOnlyList<double>> Shares)
{
    private const int Bins = 16;

    /// <summary>The distribution of rewards that are known.</summary>
    /// <param name="rewards">The rewards of each step, steps ascending; a step without any has no column.</param>
    public static RewardDistribution Of(IReadOnlyList<(long Step, IReadOnlyList<double> Rewards)> rewards)
    {
        var known = rewards.Where(step => step.Rewards.Count > 0).ToList();
        if (known.Count == 0) return new([], [], []);
        var low = known.Min(step => step.Rewards.Min());
        var high = known.Max(step => step.Rewards.Max());
        if (high == low) (low, high) = (low - 0.5, high + 0.5);
        var width = (high - low) / Bins;
        return new(
            [.. Enumerable.Range(0, Bins + 1).Select(edge => low + edge * width)],
            [.. known.Select(step => step.Step)],
            [.. known.Select(step => SharesOf(step.Rewards, low, width))]);
    }

    private static double[] SharesOf(IReadOnlyList<double> rewards, double low, double width)
    {
        var shares = new double[Bins];
        foreach (var reward in rewards) shares[Math.Min(Bins - 1, (int)((reward - low) / width))] += 1.0 / rewards.Count;
        return shares;
    }
}
