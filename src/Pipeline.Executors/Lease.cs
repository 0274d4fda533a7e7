using Pipeline.Protocol.Jobs;

namespace Pipeline.Executors;

/// <summary>
/// The sign of life of a job that cannot be looked for: whoever guards it touches the file <c>lease</c> every second,
/// as long as any of it may still be running.
/// </summary>
internal static class Lease
{
    /// <summary>This long without, it is dead. Clocks of machines that share a file system differ by less.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Whether the job gave a sign of life within the limit.</summary>
    public static bool IsFresh(AttemptFolder folder) =>
        (DateTime.UtcNow - File.GetLastWriteTimeUtc(folder.Lease)).Duration() < Limit;
}
