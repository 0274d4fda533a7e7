using Pipeline.Datasets.Parquet.Rows;

namespace Pipeline.Server.Rollouts;

/// <summary>Which completions are looked for.</summary>
internal enum RolloutFilter
{
    /// <summary>All of them.</summary>
    All,

    /// <summary>Reward 0 or less.</summary>
    NoReward,

    /// <summary>Judged wrong, without an answer, or with one that nobody can read.</summary>
    Wrong,

    /// <summary>Cut off at the limit of tokens.</summary>
    Truncated,

    /// <summary>With words of another language.</summary>
    Mixed,

    /// <summary>Whose verifier ran out of time.</summary>
    Timeout,
}

/// <summary>What each filter lets through.</summary>
internal static class RolloutFilters
{
    /// <summary>Whether the filter lets the row through.</summary>
    public static bool Takes(this RolloutFilter filter, RolloutRow row) => filter switch
    {
        RolloutFilter.NoReward => row.Reward <= 0,
        RolloutFilter.Wrong => row.Outcome is "wrong" or "no_answer" or "answer_unparsable",
        RolloutFilter.Truncated => row.StopReason == "length",
        RolloutFilter.Mixed => row.Mixing > 0,
        RolloutFilter.Timeout => row.Outcome == "timeout",
        _ => true,
    };
}
