using System.ComponentModel;

namespace Pipeline.Server.Metrics;

/// <summary>The curves of a stage over HTTP.</summary>
internal static class MetricEndpoints
{
    private const int UsualPoints = 1000;
    private const int MostPoints = 20_000;

    public static void MapMetrics(this IEndpointRouteBuilder api) => api
        .MapGet("/runs/{run}/stages/{instance}/metrics", Metrics)
        .WithSummary("Curves of a stage, thinned to the lowest and highest value a pixel; superseded rows are left out.");

    private static Task<MetricsView> Metrics(
        MetricCatalog catalog,
        string run,
        string instance,
        [Description("Names, separated by commas; all if left out.")] string? names = null,
        [Description("First step.")] long from = long.MinValue,
        [Description("Last step.")] long to = long.MaxValue,
        [Description("About how many points a curve.")] int points = UsualPoints)
    {
        if (points is < 2 or > MostPoints)
            throw new ServerException(ServerErrors.QueryInvalid, $"points is {points}; it must be from 2 to {MostPoints}.");
        var chosen = names?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToHashSet();
        return catalog.Read(run, instance, new MetricsQuery(chosen, from, to, points));
    }
}
