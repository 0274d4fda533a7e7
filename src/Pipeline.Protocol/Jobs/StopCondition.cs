namespace Pipeline.Protocol.Jobs;

/// <summary>A reason to end a stage early, with the model as it is then: a metric beyond a bound for some steps, or an alarm.</summary>
public sealed record StopCondition
{
    /// <summary>Name of the metric, as in <c>metrics.jsonl</c>; null for an alarm.</summary>
    public string? Metric { get; init; }

    /// <summary>How the metric is compared with <see cref="Value"/>.</summary>
    public Comparison? Op { get; init; }

    /// <summary>What it is compared with.</summary>
    public double? Value { get; init; }

    /// <summary>
    /// Optimizer steps over which it must have held at every step that tells the metric: 1 for at once. A metric that is
    /// told now and then, such as <c>eval/pass@1</c>, counts from the first time it held to the last.
    /// </summary>
    public int ForSteps { get; init; } = 1;

    /// <summary>Code of the alarm, such as <c>REWARD_HACKING</c>; null for a metric.</summary>
    public string? Alarm { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Alarm is not null ? $"alarm {Alarm}"
        : FormattableString.Invariant($"{Metric} {Op?.Sign()} {Value}{(ForSteps > 1 ? $" for {ForSteps} steps" : "")}");

    /// <summary>Whether a value of the metric is beyond the bound; not-a-number is beyond none.</summary>
    public bool Holds(double value) => Op is { } op && Value is { } bound && op.Holds(value, bound);
}
