using System.ComponentModel;
using System.Diagnostics;
using Pipeline.Engine.Folders;

namespace Pipeline.Server.Runs;

/// <summary>Whether anybody moves the runs on. The engine's lock is not touched: to try it could keep an engine from starting.</summary>
internal static class EngineWatch
{
    // A process's start is reckoned from the boot of the machine, which two programs tell apart by a little.
    private static readonly TimeSpan SameStart = TimeSpan.FromSeconds(2);

    /// <summary>Whether the engine that took the folder last still lives; null if nobody can tell from here.</summary>
    public static bool? IsAtWork(StateFolder state)
    {
        if (EngineLock.Holder(state) is not { } engine || engine.Host != Environment.MachineName) return null;
        try
        {
            using var process = Process.GetProcessById(engine.Pid);
            return (process.StartTime.ToUniversalTime() - engine.Started).Duration() < SameStart;
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException) { return false; }
        catch (Win32Exception) { return null; } // it is another user's
    }
}
