using Pipeline.Protocol.Options;
using Pipeline.Rewards;
using static TorchSharp.torch;

namespace Pipeline.Stages.Grpo;

/// <summary>The rewards of a step group by group, and the advantages that follow from them.</summary>
/// <param name="Rewards">One a completion, the groups one after the other; NaN for one that could not be judged.</param>
/// <param name="Advantages">Likewise; 0 for one that could not be judged.</param>
/// <param name="GroupStds">Standard deviation of the rewards within each group.</param>
public sealed record RewardGroups(double[] Rewards, float[] Advantages, double[] GroupStds)
{
    private const double NoSpread = 1e-8; // sums of equal rewards may differ in their last bits

    /// <summary>Share of the groups that have no spread, so that nothing is learnt from them.</summary>
    public required double NoSpreadShare { get; init; }

    /// <summary>Groups what a step's completions are worth.</summary>
    /// <param name="scored">Group by group.</param>
    /// <param name="divergences">From the reference, where that is paid in the reward; null where it is not.</param>
    /// <param name="options">Size of a group, what a divergence costs, whether terms are standardised.</param>
    /// <param name="advantages">From rewards [prompts, completions] to advantages of that shape.</param>
    public static RewardGroups Of(
        IReadOnlyList<RewardBreakdown> scored, IReadOnlyList<double>? divergences, GrpoOptions options, Func<Tensor, Tensor> advantages)
    {
        double[] Paid(IEnumerable<double> totals) => [.. totals.Select((total, index) => total - options.KlCoefficient * (divergences?[index] ?? 0))];
        var rewards = Paid(scored.Select(one => one.Total));
        return options.RewardScale switch
        {
            RewardScale.None => Of(rewards, options.GroupSize, advantages),
            var scale => Of(rewards, options.GroupSize, advantages,
                Paid(Standardised.Totals(scored, scale == RewardScale.Group ? options.GroupSize : scored.Count))),
        };
    }

    /// <summary>Groups the rewards of a step.</summary>
    /// <param name="rewards">One a completion, the groups one after the other.</param>
    /// <param name="groupSize">Completions of a group.</param>
    /// <param name="advantages">From rewards [prompts, completions] to advantages of that shape.</param>
    /// <param name="learntFrom">What advantages are made of in place of the rewards, which are then only reported.</param>
    public static RewardGroups Of(double[] rewards, int groupSize, Func<Tensor, Tensor> advantages, double[]? learntFrom = null)
    {
        using var scope = NewDisposeScope();
        var learnt = Known(learntFrom ?? rewards, groupSize);
        return new(rewards, advantages(learnt).to(ScalarType.Float32).data<float>().ToArray(), Stds(Known(rewards, groupSize)))
        {
            NoSpreadShare = Stds(learnt).Average(std => std < NoSpread ? 1.0 : 0),
        };
    }

    /// <summary>Whether the completions of a group all score the same, so that they teach nothing.</summary>
    public static bool Agrees(IReadOnlyList<double> group)
    {
        var scored = group.Where(reward => !double.IsNaN(reward)).ToList();
        return scored.Count < 2 || scored.Max() - scored.Min() < NoSpread;
    }

    /// <summary>Likewise; where terms are standardised one by one, equal totals that were earned in different ways do not agree.</summary>
    public static bool Agrees(IReadOnlyList<RewardBreakdown> group, RewardScale scale) => scale == RewardScale.None
        ? Agrees([.. group.Select(one => one.Total)])
        : Enumerable.Range(0, group[0].Parts.Count).All(term => Agrees([.. group.Select(one => one.Parts[term].Value ?? double.NaN)]));

    /// <summary>TRL's metrics of them. A group without spread teaches nothing: its advantages are all zero.</summary>
    public IEnumerable<KeyValuePair<string, double>> Metrics() =>
    [
        new("reward", Rewards.Where(reward => !double.IsNaN(reward)).DefaultIfEmpty(double.NaN).Average()),
        new("reward_std", GroupStds.Average()),
        new("frac_reward_zero_std", NoSpreadShare),
        new("completions/unjudged_ratio", Rewards.Count(double.IsNaN) / (double)Rewards.Length),
    ];

    /// <returns>[prompts, completions].</returns>
    private static Tensor Known(double[] rewards, int groupSize) =>
        tensor(rewards.Chunk(groupSize).SelectMany(WithoutUnjudged).ToArray(), [rewards.Length / groupSize, groupSize]);

    private static double[] Stds(Tensor rewards) => rewards.std([1], unbiased: false).data<double>().ToArray();

    /// <summary>What could not be judged is taken to have done as the others of its group did: neither better nor worse.</summary>
    private static double[] WithoutUnjudged(double[] group)
    {
        var mean = group.Where(reward => !double.IsNaN(reward)).DefaultIfEmpty(0).Average();
        return [.. group.Select(reward => double.IsNaN(reward) ? mean : reward)];
    }
}
