namespace Pipeline.Rewards.Statistics;

/// <summary>
/// A number that is the quotient of two sums over prompts, such as the share of completions of the expected form, or, of those that
/// went wrong, the share that noticed. Its interval is drawn over prompts, as in <see cref="Bootstrap"/>.
/// </summary>
public static class Quotient
{
    /// <summary>What a prompt adds above and below the line.</summary>
    public readonly record struct Term(double Above, double Below);

    /// <summary>One model's number.</summary>
    /// <remarks>Where all prompts add nothing, or all they can, the interval is Wilson's over the prompts, as for <see cref="Bootstrap.OverPrompts"/>.</remarks>
    public static Interval Of(IReadOnlyList<Term> prompts, int seed = 1)
    {
        var counted = prompts.Where(prompt => prompt.Below > 0).ToArray();
        if (counted.Length == 0) return new Interval(double.NaN, double.NaN, double.NaN, null, 0);
        if (counted.All(prompt => prompt.Above == 0)) return Wilson.Of(0, counted.Length);
        if (counted.All(prompt => prompt.Above == prompt.Below)) return Wilson.Of(counted.Length, counted.Length);
        var (low, high, spread) = Bootstrap.Spread(counted.Length, drawn => Value(counted, drawn), seed);
        return new Interval(Value(counted, Enumerable.Range(0, counted.Length)), low, high, spread, counted.Length);
    }

    /// <summary>One model's number less another's, on the same prompts: both are drawn together.</summary>
    public static Interval Difference(IReadOnlyList<(Term First, Term Second)> pairs, int seed = 1)
    {
        if (pairs.Count == 0) return new Interval(double.NaN, double.NaN, double.NaN, null, 0);
        Term[] first = [.. pairs.Select(pair => pair.First)], second = [.. pairs.Select(pair => pair.Second)];
        var (low, high, spread) = Bootstrap.Spread(pairs.Count, drawn => Value(first, drawn) - Value(second, drawn), seed);
        var all = Enumerable.Range(0, pairs.Count);
        return new Interval(Value(first, all) - Value(second, all), low, high, spread, pairs.Count);
    }

    private static double Value(Term[] prompts, IEnumerable<int> drawn)
    {
        var (above, below) = (0.0, 0.0);
        foreach (var prompt in drawn) (above, below) = (above + prompts[prompt].Above, below + prompts[prompt].Below);
        return above / below;
    }
}
