using Pipeline.Stages.Completions;

namespace Pipeline.Stages.Grpo;

/// <summary>TRL's metrics of the completions' lengths, in tokens.</summary>
public static class RolloutMetrics
{
    /// <summary>Over all completions of a step.</summary>
    public static IEnumerable<KeyValuePair<string, double>> Of(IReadOnlyList<SampledCompletion> completions) =>
    [
        new("completions/mean_length", completions.Average(completion => completion.Tokens.Length)),
        new("completions/min_length", completions.Min(completion => completion.Tokens.Length)),
        new("completions/max_length", completions.Max(completion => completion.Tokens.Length)),
        new("completions/clipped_ratio", completions.Count(completion => completion.IsTruncated) / (double)completions.Count),
    ];
}
