using Pipeline.Engine.Folders;
using Pipeline.Engine.Ports;
using Pipeline.Engine.Runs;
using Pipeline.Protocol;

namespace Pipeline.Engine.Loop;

/// <summary>
/// Deletes runs: first from the store, so that nobody finds what is about to go, then their folders. The store keeps the ids
/// in between, so that a deletion which a crash cut short is brought to its end by the next.
/// </summary>
public sealed class RunDeletion(IRunStore store, StateFolder state)
{
    /// <summary>Bytes of all files of a folder; 0 if there is none.</summary>
    public static long SizeOf(string folder) => Directory.Exists(folder)
        ? new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length)
        : 0;

    /// <summary>Deletes runs that have ended.</summary>
    /// <param name="runs">The runs; they may have taken outputs from each other.</param>
    /// <exception cref="EngineException">One may not be deleted, and why; nothing was changed.</exception>
    public async Task Delete(params IReadOnlyCollection<string> runs)
    {
        foreach (var run in runs)
            if (await store.Read(run) is { Count: > 0 } events && RunState.Fold(events).Pinned)
                throw new EngineException(EngineErrors.RunState, $"Run {run} is pinned. `pipeline pin {run} --off` lets go of it.");
        CrashPoint.Before("run-delete");
        await store.Delete(runs);
        CrashPoint.After("run-delete");
        await Finish();
    }

    /// <summary>Removes what is left of deleted runs.</summary>
    public async Task Finish()
    {
        foreach (var run in await store.Deleted())
        {
            CrashPoint.Before("run-remove");
            if (Directory.Exists(state.Run(run))) Directory.Delete(state.Run(run), recursive: true);
            CrashPoint.After("run-remove");
            CrashPoint.Before("run-forget");
            await store.Forget(run);
            CrashPoint.After("run-forget");
        }
    }
}
