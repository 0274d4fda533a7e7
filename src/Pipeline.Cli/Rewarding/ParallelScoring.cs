using Pipeline.Protocol.Options;
using Pipeline.Rewards;

namespace Pipeline.Cli.Rewarding;

/// <summary>Scores completions on all cores.</summary>
internal static class ParallelScoring
{
    /// <summary>Enough to be worth a thread, few enough that none waits for the last.</summary>
    private const int RowsPerChunk = 64;

    /// <summary>The scores, in the order of the inputs.</summary>
    /// <exception cref="RewardException">Nothing can be scored as the reward is set up.</exception>
    public static async Task<IReadOnlyList<RewardScore>> Score(RewardTerm term, IReadOnlyList<RewardInput> inputs, CancellationToken cancellation)
    {
        await using var sum = RewardSum.Of([term]);
        var name = sum.Names.Single();
        // What runs programs or asks services has limits of its own on how many at once, and is given all rows.
        var size = term is { Code: null, Judge: null, Http: null, Command: null } ? RowsPerChunk : Math.Max(1, inputs.Count);
        var chunks = inputs.Chunk(size).ToArray();
        var scores = new IReadOnlyList<RewardScore>[chunks.Length];
        await Parallel.ForEachAsync(Enumerable.Range(0, chunks.Length), cancellation, async (chunk, token) =>
            scores[chunk] = [.. (await sum.ScoreAsync(chunks[chunk], cancellation: token)).Select(breakdown => breakdown.Scores[name])]);
        return [.. scores.SelectMany(chunk => chunk)];
    }
}
