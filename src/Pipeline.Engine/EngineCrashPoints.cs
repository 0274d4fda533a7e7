using Pipeline.Engine.Runs;
using Pipeline.Protocol;

namespace Pipeline.Engine;

/// <summary>Every <see cref="CrashPoint"/> of the engine; a test kills it at each.</summary>
public static class EngineCrashPoints
{
    /// <summary>Everything that takes something away: of checkpoints, of runs, of what killed processes left.</summary>
    public static IReadOnlyList<string> Deletions { get; } =
        ["checkpoint-rename", "checkpoint-remove", "remains-remove", "run-delete", "run-remove", "run-forget"];

    private static readonly string[] Points = ["layout", "prepare", "submit", "poll", "stop", "verify", "prune", "notify", .. Deletions];

    /// <summary>All names: around each kind of append, and around each other deed that lasts or reaches the executor.</summary>
    public static IReadOnlyList<string> All { get; } =
        [.. CrashPoint.Around([.. JournalJson.EventNames.Select(Append), .. Points])];

    /// <summary>Name of the point around the append of an event.</summary>
    public static string Append(string eventName) => "append-" + eventName;
}
