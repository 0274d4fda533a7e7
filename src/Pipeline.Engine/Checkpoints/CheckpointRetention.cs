using Pipeline.Engine.Ports;
using Pipeline.Engine.Runs;

namespace Pipeline.Engine.Checkpoints;

/// <summary>
/// Frees the disk when a stage has succeeded. While it runs, it prunes its own checkpoints; those that its earlier,
/// killed attempts left behind are nobody's but the engine's.
/// </summary>
public static class CheckpointRetention
{
    /// <summary>Deletes what the stage's policy does not keep, over all its attempts in this run.</summary>
    public static void Prune(IRunFiles files, Folders.StateFolder state, string run, StageState stage)
    {
        foreach (var checkpoint in Surplus(files, state, run, stage)) files.Delete(checkpoint);
    }

    /// <summary>The checkpoints that the stage's policy does not keep; of two at one step, the older attempt's.</summary>
    public static IReadOnlyList<CheckpointFolder> Surplus(IRunFiles files, Folders.StateFolder state, string run, StageState stage)
    {
        var policy = stage.Stage.Checkpoints;
        var metric = new Dictionary<long, double>();
        var checkpoints = new List<CheckpointFolder>();
        foreach (var attempt in stage.Attempts.Select(attempt => state.Attempt(new(run, stage.Instance, attempt.Number))))
        {
            checkpoints.InsertRange(0, files.Checkpoints(attempt).OrderByDescending(checkpoint => checkpoint.Step));
            if (policy.KeepBest is not { } best) continue;
            foreach (var (step, value) in files.Metric(attempt, best.Metric)) metric[step] = value; // the later attempt counts
        }
        var kept = policy.Kept(checkpoints.Select(checkpoint => checkpoint.Step), metric);
        var stays = checkpoints.Where(checkpoint => kept.Contains(checkpoint.Step)).DistinctBy(checkpoint => checkpoint.Step);
        return [.. checkpoints.Except(stays)];
    }
}
