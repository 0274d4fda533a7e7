using System.Text.Json;
using Pipeline.Datasets.Parquet.Rows;

namespace Pipeline.Server.Rollouts;

/// <summary>The rollouts of a step: a page of its groups.</summary>
/// <param name="Step">The optimizer step that used them; 0 for those of an evaluation.</param>
/// <param name="Completions">Number of all completions.</param>
/// <param name="Found">Number of completions that each filter lets through.</param>
/// <param name="GroupsFound">Number of groups with a completion that the chosen filter lets through.</param>
/// <param name="Groups">The prompts of this page, each with the completions that the chosen filter lets through.</param>
internal sealed record RolloutsView(
    long Step, int Completions, IReadOnlyDictionary<string, int> Found, int GroupsFound, IReadOnlyList<RolloutGroup> Groups)
{
    /// <summary>The rows that the query asks for, put together by group.</summary>
    public static RolloutsView Of(IReadOnlyList<RolloutRow> rows, RolloutsQuery query)
    {
        var groups = rows.GroupBy(row => (row.Step, row.Group)).OrderBy(group => group.Key).Select(RolloutGroup.Of).ToList();
        var found = groups
            .Where(group => query.Prompts is null || query.Prompts.Contains(group.PromptId))
            .Select(group => group with { Completions = [.. group.Completions.Where(completion => query.Filter.Takes(completion.Row))] })
            .Where(group => group.Completions.Count > 0)
            .ToList();
        return new RolloutsView(
            rows[0].Step,
            rows.Count,
            Enum.GetValues<RolloutFilter>().ToDictionary(
                filter => JsonNamingPolicy.SnakeCaseLower.ConvertName(filter.ToString()), filter => rows.Count(row => filter.Takes(row))),
            found.Count,
            [.. found.Skip(query.Skip).Take(query.Take)]);
    }
}

/// <summary>What is asked of the rollouts of a step.</summary>
/// <param name="Filter">Which completions.</param>
/// <param name="Prompts">Only groups of these problems; null for all.</param>
/// <param name="Skip">Groups to pass over.</param>
/// <param name="Take">Groups at most.</param>
internal sealed record RolloutsQuery(RolloutFilter Filter, IReadOnlySet<string>? Prompts, int Skip, int Take);
