namespace Pipeline.Server.Stages;

/// <summary>Single stages over HTTP.</summary>
internal static class StageEndpoints
{
    public static void MapStages(this IEndpointRouteBuilder api) => api
        .MapGet("/runs/{run}/stages/{instance}", (StagePages pages, string run, string instance) => pages.Of(run, instance))
        .WithSummary("A stage: attempts, checkpoints, alarms, options, inputs, resources.");
}
