using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Caching.Memory;
using Pipeline.Datasets.Parquet;
using Pipeline.Datasets.Parquet.Rows;
using Pipeline.Protocol.Artifacts;
using Pipeline.Server.Http;
using Pipeline.Server.Runs;

namespace Pipeline.Server.Rollouts;

/// <summary>
/// Finds the rollouts of a stage: of each step those of the latest attempt that got there, as for metrics. What an
/// evaluation sampled counts as step 0.
/// </summary>
internal sealed partial class RolloutCatalog(RunCatalog runs, StageAttempts attempts, StateFiles files) : IDisposable
{
    private const int StepsInADistribution = 60; // columns of a chart; each is a file to read
    private const int FilesKept = 2000;
    private const int TablesKept = 4; // a page after the other of one table, and of the one it is compared with
    private readonly MemoryCache _tables = new(new MemoryCacheOptions { SizeLimit = TablesKept });
    private readonly MemoryCache _rewards = new(new MemoryCacheOptions { SizeLimit = FilesKept });

    /// <summary>The stages of a run that kept rollouts.</summary>
    public async Task<IReadOnlyList<StageRollouts>> Stages(string run)
    {
        var state = (await runs.Find(run)).State;
        var stages = new List<StageRollouts>();
        foreach (var stage in state.Stages)
            if (await Steps(state.Run, stage.Instance) is { Count: > 0 } steps)
                stages.Add(new(stage.Instance, stage.Stage.Uses == "evaluation" ? (string?)stage.Stage.Options["name"] : null, steps));
        return stages;
    }

    /// <summary>The steps whose rollouts were kept, ascending.</summary>
    public async Task<IReadOnlyList<long>> Steps(string run, string instance) =>
        [.. FilesOf(await attempts.Find(run, instance)).Keys];

    /// <summary>The rollouts of a step.</summary>
    /// <exception cref="ServerException">None of that step were kept.</exception>
    public async Task<IReadOnlyList<RolloutRow>> Read(string run, string instance, long step)
    {
        if (!FilesOf(await attempts.Find(run, instance)).TryGetValue(step, out var file))
            throw ApiProblems.NotFound($"Stage {instance} of run {run} kept no rollouts of step {step}.");
        return _tables.GetOrCreate(file, entry =>
        {
            entry.Size = 1;
            return Rows(file);
        })!;
    }

    /// <summary>How the rewards spread over steps; of many steps, some at equal distances.</summary>
    public async Task<RewardDistribution> Distribution(string run, string instance)
    {
        var all = FilesOf(await attempts.Find(run, instance)).ToList();
        var every = Math.Max(1, (all.Count + StepsInADistribution - 1) / StepsInADistribution);
        return RewardDistribution.Of([.. all.Where((_, i) => i % every == 0).Select(step => (step.Key, Rewards(step.Value)))]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _tables.Dispose();
        _rewards.Dispose();
    }

    // A file of rollouts is there whole or not at all, and never changes.
    private IReadOnlyList<double> Rewards(string file) => _rewards.GetOrCreate(file, entry =>
    {
        entry.Size = 1;
        return (IReadOnlyList<double>)[.. Rows(file).Select(row => row.Reward).Where(double.IsFinite)];
    })!;

    /// <summary>Parquet as stages of ours and TRL write it, or lines as verl does.</summary>
    private IReadOnlyList<RolloutRow> Rows(string file)
    {
        files.Confine(file);
        return Path.GetExtension(file) == ".jsonl" ? ForeignRollouts.OfVerl(file) : Dataset.Read<RolloutRow>(file);
    }

    private SortedDictionary<long, string> FilesOf(AttemptChain chain)
    {
        var found = new SortedDictionary<long, string>();
        for (var i = 0; i < chain.Attempts.Count; i++)
        {
            var evaluation = Path.Combine(chain.Attempts[i].Folder.Outputs, "evaluation");
            if (files.Names(evaluation).Contains(EvaluationReport.CompletionsFile)) found[0] = Path.Combine(evaluation, EvaluationReport.CompletionsFile);
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

    [GeneratedRegex(@"^step-(\d{1,18})\.(?:parquet|jsonl)$")]
    private static partial Regex StepFile { get; }
}

/// <summary>A stage that kept rollouts.</summary>
/// <param name="Instance">The stage instance.</param>
/// <param name="Name">The name of the model that it evaluates; null for other stages.</param>
/// <param name="Steps">The steps, ascending.</param>
internal sealed record StageRollouts(string Instance, string? Name, IReadOnlyList<long> Steps);
