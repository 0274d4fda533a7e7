using Pipeline.Engine;
using Pipeline.Engine.Attempts;
using Pipeline.Engine.Folders;
using Pipeline.Engine.Loop;
using Pipeline.Engine.Notifying;
using Pipeline.Engine.Ports;
using Pipeline.Engine.Scheduling;
using Pipeline.Executors;
using Pipeline.Executors.Local;
using Pipeline.Executors.Slurm;
using Pipeline.Spec.Resolved;
using Serilog;

namespace Pipeline.Cli.Hosting;

/// <summary>The engine on this machine: local processes, Quartz in memory, the journal of the state folder.</summary>
internal static class LocalEngine
{
    private static readonly TimeSpan LockInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan StoreInterval = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Waits until no other engine works in the state folder, and then works until detached. Jobs live on afterwards.
    /// An engine that was replaced while its process was stopped waits again.
    /// </summary>
    /// <param name="workspace">The state folder.</param>
    /// <param name="detach">Ends waiting and work.</param>
    public static async Task Work(Workspace workspace, CancellationToken detach)
    {
        for (var told = false; await Lock(workspace.Folder, detach) is { } held;)
        {
            using (held)
            {
                using var end = CancellationTokenSource.CreateLinkedTokenSource(detach, held.Lost);
                try
                {
                    await Work(workspace, held, end.Token);
                    if (!held.Lost.IsCancellationRequested) return;
                }
                catch (EngineException error) when (error.Code == EngineErrors.EngineReplaced) { }
                catch (StoreUnavailableException error)
                {
                    if (!told) Log.Warning("{Error} The engine waits for it", error.Message);
                    told = true;
                    await Task.Delay(StoreInterval, detach).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    continue;
                }
                if (!workspace.Folder.Exists)
                {
                    Log.Error("{Folder} was deleted, so nothing is left to work on", workspace.Folder.Path);
                    return;
                }
                Log.Warning("Another engine has taken over while this process was stopped: {Engine}. Following it", EngineLock.Holder(workspace.Folder));
            }
        }
    }

    private static async Task Work(Workspace workspace, EngineLock held, CancellationToken end)
    {
        using var store = JournalOfFolder.OpenForEngine(workspace.Folder);
        if ((await store.Unfinished()).Count == 0) PinnedProgram.Prune(workspace.Folder.Path);
        var shim = OurProgram.Pinned(workspace.Folder).Append("shim").ToList();
        var settings = new EngineSettings { State = workspace.Folder };
        var executors = new ExecutorsByName(new Dictionary<ExecutorName, IExecutor>
        {
            [ExecutorName.Local] = new LocalExecutor(LocalMachine.SlotFolder(workspace.Folder.Path), shim, LocalMachine.Detect()),
            [ExecutorName.Slurm] = new SlurmExecutor(),
        });
        using var engine = new RunEngine(
            settings,
            store,
            new LockedExecutor(executors, held),
            new QuartzAttemptScheduler(TimeProvider.System),
            new DiskRunFiles(),
            TimeProvider.System,
            Log.Logger);
        using var webhook = new Webhook(Environment.GetEnvironmentVariable, TimeProvider.System);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(end);
        var notifying = new Outbox(store, workspace.Folder, webhook, TimeProvider.System, Log.Logger).Run(stop.Token);
        try
        {
            await engine.Run(end);
        }
        finally
        {
            await stop.CancelAsync();
            await notifying;
        }
    }

    private static async Task<EngineLock?> Lock(StateFolder folder, CancellationToken detach)
    {
        var silence = new EngineSilence(folder, TimeProvider.System);
        while (!detach.IsCancellationRequested)
        {
            if (EngineLock.TryTake(folder) is { } held) return held;
            if (silence.IsTooLong && EngineLock.TakeOver(folder) is { } replaced) return replaced;
            await Task.Delay(LockInterval, detach).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        return null;
    }
}
