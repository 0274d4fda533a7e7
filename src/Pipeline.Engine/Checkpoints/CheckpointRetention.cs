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
    public static IReadOnlyList<CheckpointFolder> Surplus(IRunFiles files, Folders.StateFolder state, string run, StageState stage) =>
        [.. Found(files, state, run, stage).Where(checkpoint => checkpoint.Kept.Count == 0).Select(checkpoint => checkpoint.Folder)];

    /// <summary>Every checkpoint of a stage that lies on the disk, the newest attempt's newest first, with the rules that keep it; none for surplus.</summary>
    public static IReadOnlyList<KeptCheckpoint> Found(IRunFiles files, Folders.StateFolder state, string run, StageState stage)
    {
        var policy = stage.Stage.Checkpoints;
        var metric = new Dictionary<long, double>();
        var checkpoints = new List<(int Attempt, CheckpointFolder Folder)>();
        foreach (var number in stage.Attempts.Select(attempt => attempt.Number))
        {
            var attempt = state.Attempt(new(run, stage.Instance, number));
            checkpoints.InsertRange(0, files.Checkpoints(attempt).OrderByDescending(checkpoint => checkpoint.Step).Select(checkpoint => (number, checkpoint)));
            if (policy.KeepBest is not { } best) continue;
            foreach (var (step, value) in files.Metric(attempt, best.Metric)) metric[step] = value; // the later attempt counts
        }
        var steps = checkpoints.Select(checkpoint => checkpoint.Folder.Step).ToList();
        var seen = new HashSet<long>();
        return
        [
            .. from checkpoint in checkpoints
               let kept = seen.Add(checkpoint.Folder.Step) ? policy.Reasons(checkpoint.Folder.Step, steps, metric) : []
               select new KeptCheckpoint(checkpoint.Attempt, checkpoint.Folder, kept),
        ];
    }
}
