using Pipeline.Protocol.Options;
using Pipeline.Rewards;
using static TorchSharp.torch;

namespace Pipeline.Stages.Grpo;

/// <summary>The rewards of a step group by group, and the advantages that follow from them.</summary>
/// <param name="Rewards">One a completion, the groups one after the other.</param>
/// <param name="Advantages">Likewise.</param>
/// <param name="GroupStds">Standard deviation of the rewards within each group.</param>
public sealed record RewardGroups(double[] Rewards, float[] Advantages, double[] GroupStds)
{
    private const double NoSpread = 1e-8; // sums of equal rewards may differ in their last bits

    /// <summary>Groups the totals of a step.</summary>
    public static RewardGroups Of(IReadOnlyList<RewardBreakdown> judged, int groupSize, AdvantageScale scale)
    {
        using var scope = NewDisposeScope();
        var totals = judged.Select(breakdown => breakdown.Total).ToArray();
        var rewards = tensor(totals, [totals.Length / groupSize, groupSize]);
        var advantages = scale switch
        {
            AdvantageScale.Group => Training.Losses.Advantages.WithinGroup(rewards),
            AdvantageScale.Batch => Training.Losses.Advantages.WithinBatch(rewards),
            _ => Training.Losses.Advantages.Centered(rewards),
        };
        return new(totals, advantages.to(ScalarType.Float32).data<float>().ToArray(),
            rewards.std([1], unbiased: false).data<double>().ToArray());
    }

    /// <summary>TRL's metrics of them. A group without spread teaches nothing: its advantages are all zero.</summary>
    public IEnumerable<KeyValuePair<string, double>> Metrics() =>
    [
        new("reward", Rewards.Average()),
        new("reward_std", GroupStds.Average()),
        new("frac_reward_zero_std", GroupStds.Count(std => std < NoSpread) / (double)GroupStds.Length),
    ];
}
