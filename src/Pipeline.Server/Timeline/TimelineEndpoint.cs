using Pipeline.Server.Runs;

namespace Pipeline.Server.Timeline;

/// <summary>The timeline of a run over HTTP.</summary>
internal static class TimelineEndpoint
{
    public static void MapTimeline(this IEndpointRouteBuilder api) => api
        .MapGet("/runs/{run}/timeline", Timeline)
        .WithSummary("What the time of a run went to: queued, working, lost to failures, waiting to be tried again.");

    private static async Task<TimelineView> Timeline(RunCatalog runs, TimeProvider time, string run) =>
        RunTimeline.Of(await runs.Find(run), time.GetUtcNow());
}
