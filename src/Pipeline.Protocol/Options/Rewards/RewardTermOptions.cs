using System.ComponentModel.DataAnnotations;

namespace Pipeline.Protocol.Options;

/// <summary>What every reward term has.</summary>
public abstract record RewardTermOptions
{
    /// <summary>Factor in the sum. Default 1, equal weights as in the paper.</summary>
    [Range(-1000.0, 1000.0)] public double Weight { get; init; } = 1;

    /// <summary>Counts only for prompts of these abilities (column <c>ability</c>). Default all.</summary>
    public IReadOnlyList<string>? Abilities { get; init; }

    /// <summary>
    /// Counts only where the answer is right (by the reward's own accuracy or code term, if it has one for the prompt), so that
    /// it cannot be bought with wrong answers. Default false. Prompts without a ground truth are not held to it.
    /// </summary>
    public bool OnlyIfCorrect { get; init; }

    /// <summary>Counts only where the reward's format term holds; prompts it does not concern are not held to it. Default false: added, as in the paper.</summary>
    public bool OnlyIfFormat { get; init; }

    /// <summary>Counts from this step on (the paper adds preference rewards in the last 400 of 1,700 steps). Default 0.</summary>
    [Range(0, int.MaxValue)] public int FromStep { get; init; }

    /// <summary>Counts in this many last steps only, whatever their number: 400 in the paper. Default all.</summary>
    [Range(1, int.MaxValue)] public int? LastSteps { get; init; }

    /// <summary>
    /// Seconds that it may take over the completions that are scored together (<c>sampling.batch_size</c>); it is given up then, they
    /// have no score from it and are counted as its timeouts. A last resort beside the limits that some rewards have on a row. Default 1800.
    /// </summary>
    [Range(1, 86_400)] public int LimitSeconds { get; init; } = 1800;

    /// <summary>The first step in which it counts.</summary>
    /// <param name="steps">Steps in all; null where there are none, as in an evaluation.</param>
    public int FirstStep(int? steps) => Math.Max(FromStep, LastSteps is { } last && steps is { } all ? all - last + 1 : 0);
}
