using static TorchSharp.torch;

namespace Pipeline.Stages.Grpo;

/// <summary>The rewards of a step group by group, and the advantages that follow from them.</summary>
/// <param name="Rewards">One a completion, the groups one after the other; NaN for one that could not be judged.</param>
/// <param name="Advantages">Likewise; 0 for one that could not be judged.</param>
/// <param name="GroupStds">Standard deviation of the rewards within each group.</param>
public sealed record RewardGroups(double[] Rewards, float[] Advantages, double[] GroupStds)
{
    private const double NoSpread = 1e-8; // sums of equal rewards may differ in their last bits

    /// <summary>Groups the rewards of a step.</summary>
    /// <param name="rewards">One a completion, the groups one after the other.</param>
    /// <param name="groupSize">Completions of a group.</param>
    /// <param name="advantages">From rewards [prompts, completions] to advantages of that shape.</param>
    public static RewardGroups Of(double[] rewards, int groupSize, Func<Tensor, Tensor> advantages)
    {
        using var scope = NewDisposeScope();
        var known = tensor(rewards.Chunk(groupSize).SelectMany(WithoutUnjudged).ToArray(), [rewards.Length / groupSize, groupSize]);
        return new(rewards, advantages(known).to(ScalarType.Float32).data<float>().ToArray(),
            known.std([1], unbiased: false).data<double>().ToArray());
    }

    /// <summary>Whether the completions of a group all score the same, so that they teach nothing.</summary>
    public static bool Agrees(IReadOnlyList<double> group)
    {
        var judged = group.Where(reward => !double.IsNaN(reward)).ToList();
        return judged.Count < 2 || judged.Max() - judged.Min() < NoSpread;
    }

    /// <summary>TRL's metrics of them. A group without spread teaches nothing: its advantages are all zero.</summary>
    public IEnumerable<KeyValuePair<string, double>> Metrics() =>
    [
        new("reward", Rewards.Where(reward => !double.IsNaN(reward)).DefaultIfEmpty(double.NaN).Average()),
        new("reward_std", GroupStds.Average()),
        new("frac_reward_zero_std", GroupStds.Count(std => std < NoSpread) / (double)GroupStds.Length),
        new("completions/unjudged_ratio", Rewards.Count(double.IsNaN) / (double)Rewards.Length),
    ];

    /// <summary>What could not be judged is taken to have done as the others of its group did: neither better nor worse.</summary>
    private static double[] WithoutUnjudged(double[] group)
    {
        var mean = group.Where(reward => !double.IsNaN(reward)).DefaultIfEmpty(0).Average();
        return [.. group.Select(reward => double.IsNaN(reward) ? mean : reward)];
    }
}
