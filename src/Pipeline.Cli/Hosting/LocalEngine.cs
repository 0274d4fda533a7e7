using Pipeline.Engine;
using Pipeline.Engine.Attempts;
using Pipeline.Engine.Folders;
using Pipeline.Engine.Loop;
using Pipeline.Engine.Scheduling;
using Pipeline.Executors.Local;
using Serilog;

namespace Pipeline.Cli.Hosting;

/// <summary>The engine of one machine: local processes, Quartz in memory, the journal of the state folder.</summary>
internal static class LocalEngine
{
    private static readonly TimeSpan LockInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// Waits until no other engine works in the state folder, and then works until detached. Jobs live on afterwards.
    /// </summary>
    /// <param name="workspace">The state folder.</param>
    /// <param name="detach">Ends waiting and work.</param>
    public static async Task Work(Workspace workspace, CancellationToken detach)
    {
        using var held = await Lock(workspace.Folder, detach);
        if (held is null) return;

        if ((await workspace.Store.Unfinished()).Count == 0) PinnedProgram.Prune(workspace.Folder.Path);
        var shim = OurProgram.Pinned(workspace.Folder).Append("shim").ToList();
        var settings = new EngineSettings { State = workspace.Folder };
        using var engine = new RunEngine(
            settings,
            workspace.Store,
            new LocalExecutor(workspace.Folder.Path, shim, LocalMachine.Detect()),
            new QuartzAttemptScheduler(TimeProvider.System),
            new DiskRunFiles(),
            TimeProvider.System,
            Log.Logger);
        await engine.Run(detach);
    }

    private static async Task<EngineLock?> Lock(StateFolder folder, CancellationToken detach)
    {
        while (!detach.IsCancellationRequested)
        {
            if (EngineLock.TryTake(folder) is { } held) return held;
            await Task.Delay(LockInterval, detach).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        return null;
    }
}
