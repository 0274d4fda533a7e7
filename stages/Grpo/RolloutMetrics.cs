using Pipeline.Rewards;
using Pipeline.Stages.Completions;

namespace Pipeline.Stages.Grpo;

/// <summary>TRL's metrics of the completions' lengths, in tokens, and how many of them reflect.</summary>
public static class RolloutMetrics
{
    /// <summary>
    /// Over all completions of a step; lengths of those that ended by themselves beside, if any did. A completion reflects if it has
    /// one of the words; none of TRL's metrics, but the curve that R1-Zero is known for (arXiv:2501.12948v2, figure 9).
    /// </summary>
    public static IEnumerable<KeyValuePair<string, double>> Of(IReadOnlyList<SampledCompletion> completions, Reflection reflection)
    {
        var ended = completions.Where(completion => !completion.IsTruncated).ToList();
        return
        [
            .. Lengths(completions, ""), .. Lengths(ended, "terminated_"),
            new("completions/clipped_ratio", (completions.Count - ended.Count) / (double)completions.Count),
            new("completions/reflection_ratio", completions.Count(completion => reflection.Count(completion.Input.Text) > 0) / (double)completions.Count),
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
