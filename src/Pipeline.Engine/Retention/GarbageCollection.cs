using Pipeline.Engine.Checkpoints;
using Pipeline.Engine.Folders;
using Pipeline.Engine.Loop;
using Pipeline.Engine.Ports;
using Pipeline.Engine.Runs;
using Pipeline.Protocol;

namespace Pipeline.Engine.Retention;

/// <summary>
/// Finds what nobody needs any more, and removes it. Runs that are under way and pinned runs are left alone; so are runs
/// whose outputs a run that stays has taken, and the checkpoints that a living attempt goes on from.
/// </summary>
/// <remarks>
/// Whatever moment it is killed at, nothing is lost that was to stay, and the next collection finds the rest: a checkpoint
/// goes by a name that nobody reads, a run leaves its id in the store until its folder is gone.
/// </remarks>
public sealed class GarbageCollection(IRunStore store, IRunFiles files, StateFolder state, TimeProvider time)
{
    private const int PageOfRuns = 200;

    /// <summary>What could go now. Nothing is changed.</summary>
    /// <param name="runsOlderThan">Runs that ended longer ago go as a whole; null: no run does.</param>
    public async Task<IReadOnlyList<Garbage>> Find(TimeSpan? runsOlderThan)
    {
        var runs = await All();
        var inUse = runs.Where(run => !run.Over).SelectMany(run => run.Stages)
            .Select(stage => stage.Last is { Alive: true } attempt ? attempt.Intent.ResumeFrom : null).OfType<string>().ToHashSet();
        var doomed = runsOlderThan is { } age ? Doomed(runs, time.GetUtcNow() - age, inUse) : [];
        return
        [
            .. (await store.Deleted()).Where(run => Directory.Exists(state.Run(run)))
                .Select(run => Of(GarbageKind.Remains, run, state.Run(run), "the run was deleted")),
            .. runs.Where(run => doomed.Contains(run.Run))
                .Select(run => Of(GarbageKind.Run, run.Run, state.Run(run.Run), $"it ended on {run.Ended:yyyy-MM-dd}")),
            .. runs.Where(run => run is { Over: true, Pinned: false } && !doomed.Contains(run.Run)).SelectMany(run => InRun(run, inUse)),
        ];
    }

    /// <summary>Removes what was found.</summary>
    /// <exception cref="EngineException">A run of it has come to be used, or was pinned meanwhile; no run was deleted.</exception>
    public async Task Collect(IReadOnlyList<Garbage> found)
    {
        var deletion = new RunDeletion(store, state);
        await deletion.Finish();
        foreach (var garbage in found)
        {
            if (garbage.Checkpoint is { } checkpoint && Directory.Exists(checkpoint.Path)) files.Delete(checkpoint);
            else if (garbage.Kind == GarbageKind.Remains && Directory.Exists(garbage.Path)) Remove(garbage.Path);
        }
        if (found.Where(garbage => garbage.Kind == GarbageKind.Run).Select(garbage => garbage.Run).ToList() is { Count: > 0 } runs)
            await deletion.Delete(runs);
    }

    private static void Remove(string remains)
    {
        CrashPoint.Before("remains-remove");
        Directory.Delete(remains, recursive: true);
        CrashPoint.After("remains-remove");
    }

    private async Task<IReadOnlyList<RunState>> All()
    {
        var runs = new List<RunState>();
        for (var page = await store.Newest(PageOfRuns); page.Count > 0; page = await store.Newest(PageOfRuns, page[^1].Run))
            foreach (var run in page)
                if (await store.Read(run.Run) is { Count: > 0 } events) runs.Add(RunState.Fold(events));
        return runs;
    }

    /// <summary>Old runs of which no run that stays has taken anything, and no living attempt a checkpoint.</summary>
    private HashSet<string> Doomed(IReadOnlyList<RunState> runs, DateTimeOffset before, HashSet<string> inUse)
    {
        var doomed = runs.Where(run => run is { Pinned: false, Ended: { } ended } && ended < before).Select(run => run.Run).ToHashSet();
        doomed.RemoveWhere(run => inUse.Any(checkpoint => checkpoint.StartsWith(state.Run(run) + Path.DirectorySeparatorChar, StringComparison.Ordinal)));
        // What a run that stays has taken from stays as well, and so on.
        while (doomed.RemoveWhere(run => runs.Any(taker => !doomed.Contains(taker.Run) && Sources(taker).Contains(run))) > 0) { }
        return doomed;
    }

    private static IEnumerable<string> Sources(RunState run) =>
        run.Stages.Select(stage => stage.Cached?.SourceRun).OfType<string>().Where(source => source != run.Run);

    private IEnumerable<Garbage> InRun(RunState run, HashSet<string> inUse)
    {
        foreach (var stage in run.Stages)
        {
            foreach (var checkpoint in CheckpointRetention.Surplus(files, state, run.Run, stage))
                if (!inUse.Contains(checkpoint.Path))
                    yield return Of(GarbageKind.Checkpoint, run.Run, checkpoint.Path, "its stage's `checkpoints` do not keep it") with { Checkpoint = checkpoint };
            foreach (var attempt in stage.Attempts)
            {
                var folder = state.Attempt(new(run.Run, stage.Instance, attempt.Number)).Checkpoints;
                if (!Directory.Exists(folder)) continue;
                foreach (var unfinished in Directory.EnumerateDirectories(folder, $"*{CheckpointVerification.UnfinishedMark}*"))
                    yield return Of(GarbageKind.Remains, run.Run, unfinished, "its process was killed");
            }
        }
    }

    private static Garbage Of(GarbageKind kind, string run, string path, string why) => new(kind, run, path, RunDeletion.SizeOf(path), why);
}
