namespace Pipeline.Rewards;

/// <summary>
/// Weighted sums of rewards each of which is first brought to mean 0 and standard deviation 1, so that none drowns the others by its
/// scale, and completions that earned the same total in different ways stay different: normalisation decoupled by reward (GDPO,
/// arXiv:2601.05242, section 3).
/// </summary>
public static class Standardised
{
    private const double Epsilon = 1e-4; // as for advantages: keeps the division finite where all agree

    /// <summary>The sums. A completion that could not be judged has none: NaN.</summary>
    /// <remarks>A reward is measured by the completions that it has an opinion on; on the others it adds nothing, which is its mean.</remarks>
    /// <param name="judged">Whole parts one after the other.</param>
    /// <param name="size">Completions that are compared with each other: of a group, or of the step.</param>
    public static IReadOnlyList<double> Totals(IReadOnlyList<RewardBreakdown> judged, int size) => [.. judged.Chunk(size).SelectMany(Part)];

    private static double[] Part(RewardBreakdown[] judged)
    {
        var totals = new double[judged.Length];
        for (var term = 0; term < judged[0].Parts.Count; term++)
        {
            var known = judged.Select(one => one.Parts[term].Value).OfType<double>().Where(value => !double.IsNaN(value)).ToList();
            var mean = known.DefaultIfEmpty(0).Average();
            var std = Math.Sqrt(known.Select(value => (value - mean) * (value - mean)).DefaultIfEmpty(0).Average());
            foreach (var (row, one) in judged.Index())
                if (one.Parts[term] is { Value: { } value } part) totals[row] += part.Weight * (value - mean) / (std + Epsilon);
        }
        return totals;
    }
}
