namespace Pipeline.Rewards.Statistics;

/// <summary>
/// Whether one model is better than another on the same prompts. Prompts differ far more from each other than two models do, so
/// the differences prompt by prompt say more than two intervals side by side (E. Miller, "Adding error bars to evals",
/// arXiv:2411.00640, section 4.2).
/// </summary>
/// <param name="Difference">Mean of first minus second, -1 to 1.</param>
/// <param name="Low">Lower end of its 95 % interval, by bootstrap over prompts.</param>
/// <param name="High">Upper end.</param>
/// <param name="PValue">
/// How often a difference at least as large comes by chance if the two are equal on every prompt: then each prompt's difference
/// might as well have the other sign (R. A. Fisher's permutation test, two-sided). Exact for up to 16 prompts that differ.
/// </param>
/// <param name="Count">n, the prompts both were graded on.</param>
public sealed record PairedComparison(double Difference, double Low, double High, double PValue, int Count)
{
    private const int MaxExact = 16; // 65,536 assignments of signs
    private const int Draws = 10_000;
    private const double Rounding = 1e-12; // sums of the same numbers in another order are the same

    /// <summary>Compares prompt by prompt.</summary>
    /// <param name="first">One mean a prompt.</param>
    /// <param name="second">Those of the other model, for the same prompts in the same order.</param>
    /// <param name="seed">Of the draws.</param>
    public static PairedComparison Of(IReadOnlyList<double> first, IReadOnlyList<double> second, int seed = 1)
    {
        if (first.Count == 0 || first.Count != second.Count)
            throw new ArgumentException($"There are {first.Count} prompts against {second.Count}; both models need the same ones, and at least one.");
        var differences = first.Zip(second, (a, b) => a - b).ToArray();
        var (low, high, _) = Bootstrap.Spread(differences, seed);
        return new PairedComparison(differences.Average(), low, high, PValueOf([.. differences.Where(difference => difference != 0)], seed), differences.Length);
    }

    /// <summary>The prompts that two models have in common, by name. One that occurs several times is told apart by its turn.</summary>
    /// <param name="first">A name and what was measured, a prompt.</param>
    /// <param name="second">Those of the other model, in any order.</param>
    public static IReadOnlyList<(T First, T Second)> Pair<T>(IEnumerable<(string Prompt, T Measured)> first, IEnumerable<(string Prompt, T Measured)> second)
    {
        var others = ByTurn(second).ToDictionary(one => one.Key, one => one.Measured);
        return [.. ByTurn(first).Where(one => others.ContainsKey(one.Key)).Select(one => (one.Measured, others[one.Key]))];
    }

    private static IEnumerable<((string Prompt, int Turn) Key, T Measured)> ByTurn<T>(IEnumerable<(string Prompt, T Measured)> prompts)
    {
        var turns = new Dictionary<string, int>();
        foreach (var (prompt, measured) in prompts) yield return ((prompt, turns[prompt] = turns.GetValueOrDefault(prompt) + 1), measured);
    }

    private static double PValueOf(double[] differences, int seed)
    {
        var observed = Math.Abs(differences.Sum()) - Rounding;
        return differences.Length <= MaxExact ? Exact(differences, observed) : Drawn(differences, observed, new Random(seed));
    }

    private static double Exact(double[] differences, double observed)
    {
        var (assignments, asLarge) = (1 << differences.Length, 0);
        for (var signs = 0; signs < assignments; signs++)
        {
            var sum = 0.0;
            for (var prompt = 0; prompt < differences.Length; prompt++)
                sum += (signs >> prompt & 1) == 0 ? differences[prompt] : -differences[prompt];
            if (Math.Abs(sum) >= observed) asLarge++;
        }
        return asLarge / (double)assignments;
    }

    /// <summary>The assignment that was observed is one of them, so no p-value is 0.</summary>
    private static double Drawn(double[] differences, double observed, Random random)
    {
        var asLarge = 1;
        for (var draw = 0; draw < Draws; draw++)
        {
            var sum = 0.0;
            foreach (var difference in differences) sum += random.Next(2) == 0 ? difference : -difference;
            if (Math.Abs(sum) >= observed) asLarge++;
        }
        return asLarge / (Draws + 1.0);
    }
}
