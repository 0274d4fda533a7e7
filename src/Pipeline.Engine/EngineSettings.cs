using Pipeline.Engine.Folders;

namespace Pipeline.Engine;

/// <summary>What an engine is told about where it works.</summary>
public sealed record EngineSettings
{
    /// <summary>The state folder.</summary>
    public required StateFolder State { get; init; }

    /// <summary>Threads of a stage that does not say how many it takes. Default: all of this machine.</summary>
    public int Cpus { get; init; } = Environment.ProcessorCount;

    /// <summary>
    /// Shortest time between two polls of the executor, and a twentieth of the longest. Default 10 ms: what a finished job waits
    /// before its successor starts; up to 200 ms if nothing happened for long.
    /// </summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Time between two looks at what others appended to the journal. Default 100 ms.</summary>
    public TimeSpan JournalInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Time between two looks at a job's events and heartbeat. Default 500 ms.</summary>
    public TimeSpan FolderInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>A job whose heartbeat does not change for so long is stopped. Default 60 s, twelve missed beats.</summary>
    public TimeSpan StallAfter { get; init; } = TimeSpan.FromSeconds(60);
}
