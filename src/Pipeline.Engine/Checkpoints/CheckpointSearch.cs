using Pipeline.Engine.Ports;
using Pipeline.Engine.Runs;

namespace Pipeline.Engine.Checkpoints;

/// <summary>The checkpoint that an attempt goes on from.</summary>
/// <param name="Checkpoint">The newest that verifies; null to start afresh.</param>
/// <param name="Note">Which newer ones were passed over, and why; null if none were.</param>
public sealed record CheckpointSearch(CheckpointFolder? Checkpoint, string? Note)
{
    /// <summary>
    /// Looks through all attempts that share the fingerprint, in any run. Those still alive are left out: their
    /// checkpoints may be deleted while they are being read.
    /// </summary>
    /// <param name="store">The store.</param>
    /// <param name="files">Where checkpoints are verified.</param>
    /// <param name="state">The state folder.</param>
    /// <param name="fingerprint">The fingerprint.</param>
    /// <param name="mayServe">Attempts of which it may be.</param>
    public static async Task<CheckpointSearch> Newest(
        IRunStore store, IRunFiles files, Folders.StateFolder state, string fingerprint, Func<AttemptSummary, bool> mayServe)
    {
        var attempts = await store.AttemptsOf(fingerprint);
        var newestFirst = attempts
            .Where(attempt => !attempt.Alive && mayServe(attempt))
            .SelectMany(attempt => files.Checkpoints(state.Attempt(new(attempt.Run, attempt.Instance, attempt.Attempt))))
            .OrderByDescending(checkpoint => checkpoint.Step); // stable: of equal steps, the newest attempt's
        var passedOver = new List<string>();
        foreach (var checkpoint in newestFirst)
        {
            if (files.Damage(checkpoint, fingerprint) is not { } damage) return new(checkpoint, Tell(passedOver, checkpoint));
            passedOver.Add($"{checkpoint.Path}: {damage}");
        }
        return new(null, Tell(passedOver, null));
    }

    private static string? Tell(List<string> passedOver, CheckpointFolder? found) => passedOver.Count == 0
        ? null
        : $"Damaged checkpoints were passed over ({string.Join("; ", passedOver)}); it " +
          (found is null ? "starts afresh." : $"goes on from step {found.Step}.");
}
