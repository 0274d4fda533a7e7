using static TorchSharp.torch;

namespace Pipeline.Training.Losses;

// Axes used in this file:
//   prompts     = distinct prompts in the step
//   completions = completions sampled for one prompt (the "group" in GRPO)

/// <summary>From the rewards of a group to how much each of its completions is to be encouraged.</summary>
public static class Advantages
{
    private const double Epsilon = 1e-4; // TRL's

    /// <summary>
    /// How much better each completion did than its siblings, in standard deviations of the group.
    /// A group whose completions all score the same yields zeros and so teaches nothing.
    /// </summary>
    /// <remarks>DeepSeekMath (arXiv:2402.03300), outcome supervision. Dr. GRPO (arXiv:2503.20783) drops the division.</remarks>
    /// <param name="rewards">[prompts, completions].</param>
    /// <param name="epsilon">Keeps the division finite when a group agrees.</param>
    /// <returns>[prompts, completions]; every row sums to zero.</returns>
    public static Tensor WithinGroup(Tensor rewards, double epsilon = Epsilon)
    {
        using var scope = NewDisposeScope();
        var std = rewards.std([1], unbiased: false, keepdim: true);    // [prompts, 1]
        return (Centered(rewards) / (std + epsilon)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// How much better each completion did than its siblings, in standard deviations of the whole batch: a group that
    /// almost agrees is not blown up to the size of one that does not.
    /// </summary>
    /// <remarks>Liu et al., "Tricks or Traps" (arXiv:2508.08221).</remarks>
    /// <param name="rewards">[prompts, completions].</param>
    /// <param name="epsilon">Keeps the division finite when all agree.</param>
    /// <returns>[prompts, completions]; every row sums to zero.</returns>
    public static Tensor WithinBatch(Tensor rewards, double epsilon = Epsilon)
    {
        using var scope = NewDisposeScope();
        return (Centered(rewards) / (rewards.std(unbiased: false) + epsilon)).MoveToOuterDisposeScope();
    }

    /// <summary>How much better each completion did than its siblings, in units of reward.</summary>
    /// <remarks>Dr. GRPO (arXiv:2503.20783): dividing by the group's spread favours prompts that are very easy or very hard.</remarks>
    /// <param name="rewards">[prompts, completions].</param>
    /// <returns>[prompts, completions]; every row sums to zero.</returns>
    public static Tensor Centered(Tensor rewards)
    {
        using var scope = NewDisposeScope();
        return (rewards - rewards.mean([1], keepdim: true)).MoveToOuterDisposeScope();
    }

    /// <summary>How much better each completion did than the mean of the others, in units of reward.</summary>
    /// <remarks>
    /// RLOO (arXiv:2402.14740), equation 9. With r - mean(others) = (r - mean(all)) * n / (n - 1) it is
    /// <see cref="Centered"/>, made unbiased.
    /// </remarks>
    /// <param name="rewards">[prompts, completions], at least two completions.</param>
    /// <returns>[prompts, completions]; every row sums to zero.</returns>
    public static Tensor LeaveOneOut(Tensor rewards)
    {
        using var scope = NewDisposeScope();
        var completions = (double)rewards.shape[1];
        return (Centered(rewards) * (completions / (completions - 1))).MoveToOuterDisposeScope();
    }
}
