using Pipeline.Engine.Loop;
using Pipeline.Server.Http;

namespace Pipeline.Server.Runs;

/// <summary>A person's answer over HTTP.</summary>
internal static class ApprovalEndpoint
{
    public static void MapApproval(this IEndpointRouteBuilder api) =>
        api.MapPost("/runs/{run}/stages/{instance}/approval", Answer)
            .AddEndpointFilter<SameOrigin>()
            .WithSummary("Says yes or no to a stage that waits for approval.");

    private static async Task<IResult> Answer(RunClient client, string run, string instance, ApprovalAnswer answer)
    {
        var id = await client.Resolve(run);
        await client.Answer(id, instance, answer.Approved, $"{Environment.UserName}, in the dashboard", answer.Reason);
        return Results.NoContent();
    }
}

/// <summary>An answer.</summary>
/// <param name="Approved">Yes or no.</param>
/// <param name="Reason">Why.</param>
internal sealed record ApprovalAnswer(bool Approved, string? Reason = null);
