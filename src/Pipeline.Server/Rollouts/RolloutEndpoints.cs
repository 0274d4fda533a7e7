using System.Globalization;
using System.Text.RegularExpressions;
using Pipeline.Datasets.Parquet;
using Pipeline.Datasets.Parquet.Rows;
using Pipeline.Server.Http;
using Pipeline.Server.Runs;

namespace Pipeline.Server.Rollouts;

/// <summary>The rollouts of a stage over HTTP.</summary>
internal static partial class RolloutEndpoints
{
    public static void MapRollouts(this IEndpointRouteBuilder api)
    {
        api.MapGet("/runs/{run}/stages/{instance}/rollouts", Steps).WithSummary("The steps whose rollouts were kept.");
        api.MapGet("/runs/{run}/stages/{instance}/rollouts/{step:long}", Step).WithSummary("The rollouts of a step, by group.");
    }

    private static async Task<IReadOnlyList<long>> Steps(StageAttempts attempts, StateFiles files, string run, string instance) =>
        [.. FilesOf(await attempts.Find(run, instance), files).Keys.Order()];

    private static async Task<RolloutsView> Step(StageAttempts attempts, StateFiles files, string run, string instance, long step)
    {
        var chain = await attempts.Find(run, instance);
        if (!FilesOf(chain, files).TryGetValue(step, out var file))
            throw ApiProblems.NotFound($"Stage {instance} of run {run} kept no rollouts of step {step}.");
        files.Confine(file);
        return RolloutsView.Of(step, Dataset.Read<RolloutRow>(file));
    }

    /// <summary>The file of each step: that of the latest attempt that got there, as for metrics.</summary>
    private static Dictionary<long, string> FilesOf(AttemptChain chain, StateFiles files)
    {
        var found = new Dictionary<long, string>();
        for (var i = 0; i < chain.Attempts.Count; i++)
        {
            var folder = chain.Attempts[i].Folder.Rollouts;
            foreach (var name in files.Names(folder))
            {
                if (StepFile.Match(name) is not { Success: true } match) continue;
                var step = long.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
                if (chain.LastStepOf(i) is not { } last || step <= last) found[step] = Path.Combine(folder, name);
            }
        }
        return found;
    }

    [GeneratedRegex(@"^step-(\d{1,18})\.parquet$")]
    private static partial Regex StepFile { get; }
}
