using System.ComponentModel;

namespace Pipeline.Server.Rollouts;

/// <summary>Rollouts over HTTP.</summary>
internal static class RolloutEndpoints
{
    private const int UsualGroups = 20;
    private const int MostGroups = 500;

    public static void MapRollouts(this IEndpointRouteBuilder api)
    {
        api.MapGet("/runs/{run}/rollouts", (RolloutCatalog rollouts, string run) => rollouts.Stages(run))
            .WithSummary("The stages of a run that kept rollouts, and of which steps. Those of an evaluation are step 0.");
        api.MapGet("/runs/{run}/stages/{instance}/rollouts", (RolloutCatalog rollouts, string run, string instance) => rollouts.Steps(run, instance))
            .WithSummary("The steps whose rollouts a stage kept.");
        api.MapGet("/runs/{run}/stages/{instance}/rollouts/distribution", (RolloutCatalog rollouts, string run, string instance) => rollouts.Distribution(run, instance))
            .WithSummary("How the rewards of the completions spread, step by step.");
        api.MapGet("/runs/{run}/stages/{instance}/rollouts/{step:long}", Step)
            .WithSummary("The rollouts of a step, by group.");
        api.MapPost("/rollouts/read", Foreign)
            .WithSummary("Shows a file of completions, as TRL (Parquet) or verl (JSON lines) writes them, or of ours. Nothing is kept.");
    }

    private static async Task<RolloutsView> Step(
        RolloutCatalog rollouts,
        string run,
        string instance,
        long step,
        [Description("Which completions: all, no_reward, wrong, truncated, mixed, timeout.")] string filter = "all",
        [Description("Only groups of these problems, separated by commas.")] string? prompts = null,
        [Description("Groups to pass over.")] int skip = 0,
        [Description("Groups at most.")] int take = UsualGroups) =>
        RolloutsView.Of(await rollouts.Read(run, instance, step), Query(filter, prompts, skip, take));

    private static async Task<RolloutsView> Foreign(HttpRequest request, string filter = "all", int skip = 0, int take = UsualGroups) =>
        RolloutsView.Of(await ForeignRollouts.Read(request), Query(filter, prompts: null, skip, take));

    private static RolloutsQuery Query(string filter, string? prompts, int skip, int take)
    {
        if (!Enum.TryParse<RolloutFilter>(filter.Replace("_", ""), ignoreCase: true, out var chosen) || !Enum.IsDefined(chosen)) throw new ServerException(
            ServerErrors.QueryInvalid, $"filter is '{filter}'; it must be all, no_reward, wrong, truncated, mixed or timeout.");
        if (skip < 0 || take is < 1 or > MostGroups)
            throw new ServerException(ServerErrors.QueryInvalid, $"skip must be at least 0, take from 1 to {MostGroups}.");
        return new(chosen, prompts?.Split(',', StringSplitOptions.RemoveEmptyEntries).ToHashSet(), skip, take);
    }
}
