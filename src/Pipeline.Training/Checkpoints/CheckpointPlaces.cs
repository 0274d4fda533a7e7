namespace Pipeline.Training.Checkpoints;

/// <summary>
/// Named places before and after everything that lasts in the life of a checkpoint. This library knows no other of ours,
/// so it tells its host, and a host that is being tested dies there. Without a listener a place costs a comparison with null.
/// </summary>
public static class CheckpointPlaces
{
    private static readonly string[] Points =
        ["checkpoint-file", "checkpoint-manifest", "checkpoint-publish", "checkpoint-retire", "checkpoint-delete"];

    /// <summary>All names, for a test that visits every one.</summary>
    public static IReadOnlyList<string> All { get; } = [.. from point in Points from side in (string[])["before", "after"] select $"{point}-{side}"];

    /// <summary>Told the name of each place that is reached. Default: nobody.</summary>
    public static Action<string>? Reached { get; set; }

    internal static void Before(string point) => Tell(point, "before");

    internal static void After(string point) => Tell(point, "after");

    private static void Tell(string point, string side)
    {
        if (Reached is { } reached) reached($"{point}-{side}");
    }
}
