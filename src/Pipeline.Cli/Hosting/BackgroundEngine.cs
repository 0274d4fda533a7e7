using System.Diagnostics;
using Pipeline.Engine.Folders;
using Pipeline.Engine.Notifying;
using Pipeline.Engine.Ports;
using Pipeline.Executors.Local;

namespace Pipeline.Cli.Hosting;

/// <summary>An engine that works without a terminal, until no run of the state folder is unfinished and nobody is owed a notification.</summary>
internal static class BackgroundEngine
{
    /// <summary>The hidden verb that such a process is started with.</summary>
    public const string Verb = "engine";

    /// <summary>Starts one. It waits its turn if another engine works in the state folder.</summary>
    public static void Start(StateFolder folder)
    {
        var command = OurProgram.Pinned(folder);
        // The pipes end with us; the process leaves them for its log at once.
        var start = new ProcessStartInfo(command[0], [.. command.Skip(1), Verb, folder.Path])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        Process.Start(start)!.Dispose();
    }

    /// <summary>The life of such a process.</summary>
    public static async Task<int> Run(string state)
    {
        Directory.CreateDirectory(Path.Combine(state, "logs"));
        Daemon.Become(Path.Combine(state, "logs", "engine.log"));
        LogFile.Open(state, warnings: null);
        using var workspace = Workspace.Open(state);
        using var detach = new Detachment();
        using var idle = CancellationTokenSource.CreateLinkedTokenSource(detach.Token);
        var work = LocalEngine.Work(workspace, idle.Token);
        while (!work.IsCompleted && (await IsNeeded(workspace.Store) || await Outbox.IsOwing(workspace.Store, workspace.Folder, TimeProvider.System)))
            await Task.WhenAny(work, Task.Delay(TimeSpan.FromMilliseconds(500), CancellationToken.None));
        await idle.CancelAsync();
        await work;
        return ExitCode.Done;
    }

    /// <summary>Whether there is a run to carry out.</summary>
    public static async Task<bool> IsNeeded(IRunStore store)
    {
        try
        {
            return (await store.Unfinished()).Count > 0;
        }
        catch (StoreUnavailableException) { return true; } // who does not know stays
    }
}
