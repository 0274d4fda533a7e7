using Pipeline.Engine.Ports;
using Pipeline.Engine.Runs;

namespace Pipeline.Engine.Checkpoints;

/// <summary>
/// Frees the disk when a stage has succeeded. While it runs, it prunes its own checkpoints; those that its earlier,
/// killed attempts left behind are nobody's but the engine's.
/// </summary>
public static class CheckpointRetention
{
    /// <summary>Keeps the newest <c>checkpoints.keep_last</c> (at least one) over all attempts of the stage in this run.</summary>
    public static void Prune(IRunFiles files, Folders.StateFolder state, string run, StageState stage)
    {
        var surplus = stage.Attempts
            .SelectMany(attempt => files.Checkpoints(state.Attempt(new(run, stage.Instance, attempt.Number))))
            .OrderByDescending(checkpoint => checkpoint.Step)
            .Skip(Math.Max(1, stage.Stage.Checkpoints.KeepLast));
        foreach (var checkpoint in surplus) files.Delete(checkpoint);
    }
}
