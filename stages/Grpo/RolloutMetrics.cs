using Pipeline.Stages.Completions;

namespace Pipeline.Stages.Grpo;

/// <summary>TRL's metrics of the completions' lengths, in tokens.</summary>
public static class RolloutMetrics
{
    /// <summary>Over all completions of a step; lengths of those that ended by themselves beside, if any did.</summary>
    public static IEnumerable<KeyValuePair<string, double>> Of(IReadOnlyList<SampledCompletion> completions)
    {
        var ended = completions.Where(completion => !completion.IsTruncated).ToList();
        return
        [
            .. Lengths(completions, ""), .. Lengths(ended, "terminated_"),
            new("completions/clipped_ratio", (completions.Count - ended.Count) / (double)completions.Count),
        ];
    }

    private static IEnumerable<KeyValuePair<string, double>> Lengths(IReadOnlyCollection<SampledCompletion> completions, string which) =>
        completions.Count == 0 ? [] :
        [
            new($"completions/mean_{which}length", completions.Average(completion => completion.Tokens.Length)),
            new($"completions/min_{which}length", completions.Min(completion => completion.Tokens.Length)),
            new($"completions/max_{which}length", completions.Max(completion => completion.Tokens.Length)),
        ];
}
