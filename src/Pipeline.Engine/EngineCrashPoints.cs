using Pipeline.Engine.Runs;
using Pipeline.Protocol;

namespace Pipeline.Engine;

/// <summary>Every <see cref="CrashPoint"/> of the engine; a test kills it at each.</summary>
public static class EngineCrashPoints
{
    private static readonly string[] Points = ["layout", "prepare", "submit", "poll", "stop", "verify", "prune"];

    /// <summary>All names: around each kind of append, and around each other deed that lasts or reaches the executor.</summary>
    public static IReadOnlyList<string> All { get; } =
        [.. CrashPoint.Around([.. JournalJson.EventNames.Select(Append), .. Points])];

    /// <summary>Name of the point around the append of an event.</summary>
    public static string Append(string eventName) => "append-" + eventName;
}
