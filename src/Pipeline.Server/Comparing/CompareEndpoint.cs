using System.ComponentModel;
using Pipeline.Server.Runs;

namespace Pipeline.Server.Comparing;

/// <summary>Comparison of runs over HTTP.</summary>
internal static class CompareEndpoint
{
    private const int MostRuns = 5; // as many as there are colours that can be told apart

    public static void MapCompare(this IEndpointRouteBuilder api) => api
        .MapGet("/compare", Compare)
        .WithSummary("Several runs beside one another: settings that differ, and how their models were judged.");

    private static async Task<ComparisonView> Compare(
        RunCatalog runs, TimeProvider time, [Description("Two to five runs, separated by commas.")] string names)
    {
        var words = names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (words.Length is < 2 or > MostRuns)
            throw new ServerException(ServerErrors.QueryInvalid, $"Two to {MostRuns} runs can be compared, and 'names' has {words.Length}; separate them by commas.");
        var histories = new List<RunHistory>();
        foreach (var word in words) histories.Add(await runs.Find(word));
        return RunComparison.Of(histories, time.GetUtcNow());
    }
}
