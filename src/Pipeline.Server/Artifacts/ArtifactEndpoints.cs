namespace Pipeline.Server.Artifacts;

/// <summary>Artifacts over HTTP.</summary>
internal static class ArtifactEndpoints
{
    public static void MapArtifacts(this IEndpointRouteBuilder api)
    {
        api.MapGet("/runs/{run}/artifacts", (ArtifactCatalog artifacts, string run) => artifacts.List(run))
            .WithSummary("What the stages of a run made: kind, digest, size.");
        api.MapGet("/runs/{run}/checkpoints", (ArtifactCatalog artifacts, string run) => artifacts.Checkpoints(run))
            .WithSummary("The checkpoints of a run that lie on the disk, and the rules that keep each: newest, every so many steps, best by a metric.");
        api.MapGet("/runs/{run}/stages/{instance}/outputs/{output}",
                (ArtifactCatalog artifacts, string run, string instance, string output) => artifacts.Find(run, instance, output))
            .WithSummary("One artifact: what it was made from, who reads it, its files; of a dataset schema and first rows, of a model its configuration.");
    }
}
