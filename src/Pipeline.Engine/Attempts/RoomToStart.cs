using Pipeline.Engine.Ports;

namespace Pipeline.Engine.Attempts;

/// <summary>Whether the disk has room for an attempt: asked before its job is launched, not found out after hours.</summary>
/// <remarks>What a stage will write is not known beforehand; before each checkpoint it looks again by itself.</remarks>
internal static class RoomToStart
{
    private const long Least = 16 << 20; // job file, logs, metrics, events, and the journal's own growth

    /// <summary>What is missing and what to do, for a person; null if there is room.</summary>
    public static string? Missing(IRunFiles files, JobOrder order)
    {
        // The next checkpoint is written before the one that the stage goes on from may be deleted.
        var needed = Least + (order.File.ResumeFrom is { } checkpoint ? files.SizeOf(checkpoint) : 0);
        var folder = order.Request.Handle.Folder;
        var free = files.FreeBytes(folder);
        return free >= needed ? null
            : $"The disk of {folder.Path} has {free >> 20} MB left and an attempt takes at least {needed >> 20} MB. " +
              "Nothing was started: free some space and resume the run.";
    }
}
