using System.ComponentModel;
using Pipeline.Engine.Runs;

namespace Pipeline.Server.Runs;

/// <summary>Runs over HTTP.</summary>
internal static class RunEndpoints
{
    private const int MostRuns = 200;

    public static void MapRuns(this IEndpointRouteBuilder api)
    {
        api.MapGet("/runs", List).WithSummary("The newest runs, newest first.");
        api.MapGet("/runs/{run}", Detail).WithSummary("A run: its stages, attempts, graph and alarms. `latest` is the newest.");
    }

    private static async Task<IReadOnlyList<RunLine>> List(
        RunCatalog runs,
        RunViews views,
        [Description("Number of runs at most.")] int limit = 50,
        [Description("Only runs older than this one, to turn pages.")] string? before = null,
        [Description("Only runs whose id, or whose pipeline's name, holds this.")] string? query = null,
        [Description("Only runs that stand here: running, cancelling, succeeded, failed or cancelled.")] string? state = null) =>
        limit is >= 1 and <= MostRuns
            ? [.. (await runs.Newest(limit, before, new RunFilter(string.IsNullOrWhiteSpace(query) ? null : query.Trim(), Phase(state)))).Select(views.Line)]
            : throw new ServerException(ServerErrors.QueryInvalid, $"limit is {limit}; it must be from 1 to {MostRuns}.");

    private static async Task<RunDetail> Detail(RunCatalog runs, RunViews views, string run) => views.Detail(await runs.Find(run));

    private static RunPhase? Phase(string? word) =>
        word is null ? null
        : Enum.GetValues<RunPhase>().Where(phase => phase.ToString().Equals(word, StringComparison.OrdinalIgnoreCase)).ToList() is [var phase] ? phase
        : throw new ServerException(ServerErrors.QueryInvalid, $"state is '{word}'; it must be one of {string.Join(", ", Enum.GetNames<RunPhase>()).ToLowerInvariant()}.");
}
