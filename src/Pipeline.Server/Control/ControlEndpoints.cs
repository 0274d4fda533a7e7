using Pipeline.Server.Access;
using Pipeline.Server.Http;
using Pipeline.Server.Runs;
using Pipeline.Spec;

namespace Pipeline.Server.Control;

/// <summary>Submit, cancel, resume and approve over HTTP.</summary>
internal static class ControlEndpoints
{
    private const int MostCharacters = 1_000_000; // a pipeline file has thousands

    public static void MapControl(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("").AddEndpointFilter<SameOrigin>();
        api.MapPost("/pipelines/validate", (PipelineText pipeline) => Validation.Of(Load(pipeline)))
            .WithSummary("Checks a pipeline file: every error with its line and column, and the stages if there is none.");
        api.MapPost("/runs", Submit)
            .WithSummary("Submits a run of a pipeline file. 201 with its id, or 422 with what is wrong with the file.")
            .Produces<Submitted>(StatusCodes.Status201Created).Produces<Validation>(StatusCodes.Status422UnprocessableEntity);
        api.MapPost("/runs/{run}/cancel", async (HttpContext context, IRunControl control, RunCatalog runs, string run) =>
                await control.Cancel((await runs.Find(run)).State, AccessGate.TokenOf(context)?.Name))
            .WithSummary("Asks for a run to be cancelled: nothing more is started, its jobs are asked to save and end.");
        api.MapPost("/runs/{run}/resume", async (IRunControl control, RunCatalog runs, string run) => await control.Resume((await runs.Find(run)).State))
            .WithSummary("Has a failed or cancelled run go on; what succeeded is kept.");
        api.MapPost("/runs/{run}/stages/{instance}/approval", Answer)
            .WithSummary("Says yes or no to a stage that waits for approval.").Produces(StatusCodes.Status204NoContent);
    }

    private static async Task<IResult> Submit(IRunControl control, PipelineText text)
    {
        var loaded = Load(text);
        if (loaded.Pipeline is not { } pipeline) return TypedResults.UnprocessableEntity(Validation.Of(loaded));
        var run = await control.Submit(pipeline);
        return TypedResults.Created($"/api/v1/runs/{run}", new Submitted(run));
    }

    private static async Task<IResult> Answer(HttpContext context, IRunControl control, RunCatalog runs, string run, string instance, ApprovalAnswer answer)
    {
        await control.Answer((await runs.Find(run)).State, instance, answer.Approved, answer.Reason, AccessGate.TokenOf(context)?.Name);
        return TypedResults.NoContent();
    }

    // Relative paths in it are relative to where the server was started: a browser has no folder of its own.
    private static LoadedPipeline Load(PipelineText pipeline) => pipeline.Text.Length > MostCharacters
        ? throw new ServerException(ServerErrors.QueryInvalid, $"The file has {pipeline.Text.Length} characters; at most {MostCharacters} are read.")
        : PipelineFile.Parse(pipeline.Text, Path.Combine(Environment.CurrentDirectory, "pipeline.yaml"), new Overrides
        {
            Profile = string.IsNullOrWhiteSpace(pipeline.Profile) ? null : pipeline.Profile.Trim(),
            Params = pipeline.Params,
            Sets = pipeline.Sets,
        });
}
