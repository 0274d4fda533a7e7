namespace Pipeline.Protocol.Jobs;

/// <summary>How a stage's checkpoints are spaced and kept. One that any of the rules keeps is kept.</summary>
/// <param name="EverySteps">Optimizer steps between checkpoints; null for the stage's own default.</param>
/// <param name="KeepLast">How many of the newest are kept, at least 1.</param>
/// <param name="KeepEvery">Checkpoints at multiples of so many steps are kept; null for none.</param>
/// <param name="KeepBest">Those at the best values of a metric are kept; null for none.</param>
public sealed record CheckpointPolicy(int? EverySteps = null, int KeepLast = 2, int? KeepEvery = null, KeepBest? KeepBest = null)
{
    /// <summary>The steps whose checkpoints are kept.</summary>
    /// <param name="steps">Steps of the checkpoints that there are.</param>
    /// <param name="metric">Values of the metric of <see cref="KeepBest"/> by step, as they were logged.</param>
    public IReadOnlySet<long> Kept(IEnumerable<long> steps, IReadOnlyDictionary<long, double> metric) =>
        Rules([.. steps.Distinct().OrderDescending()], metric).SelectMany(rule => rule.Steps).ToHashSet();

    /// <summary>Why the checkpoint of a step is kept, in the words of the rules that keep it: newest, every 50 steps, best eval/pass@1. None: it is not.</summary>
    /// <inheritdoc cref="Kept"/>
    public IReadOnlyList<string> Reasons(long step, IEnumerable<long> steps, IReadOnlyDictionary<long, double> metric) =>
        [.. Rules([.. steps.Distinct().OrderDescending()], metric).Where(rule => rule.Steps.Contains(step)).Select(rule => rule.Name)];

    private IEnumerable<(string Name, IEnumerable<long> Steps)> Rules(IReadOnlyList<long> newestFirst, IReadOnlyDictionary<long, double> metric)
    {
        yield return ("newest", newestFirst.Take(Math.Max(1, KeepLast)));
        if (KeepEvery is { } every) yield return ($"every {every} steps", newestFirst.Where(step => step > 0 && step % every == 0));
        if (KeepBest is { } best) yield return ($"best {best.Metric}", best.Of(newestFirst, metric));
    }
}

/// <summary>Keeps checkpoints by a metric. The value of a checkpoint is the last one logged up to its step; of equals the newest is kept.</summary>
/// <param name="Metric">Name of the metric, such as <c>eval/pass@1</c>.</param>
/// <param name="Mode">Which value is the best.</param>
/// <param name="N">How many are kept.</param>
public sealed record KeepBest(string Metric, BestMode Mode = BestMode.Max, int N = 1)
{
    /// <summary>The best of <paramref name="newestFirst"/>.</summary>
    public IEnumerable<long> Of(IEnumerable<long> newestFirst, IReadOnlyDictionary<long, double> metric)
    {
        var logged = metric.Where(row => double.IsFinite(row.Value)).OrderBy(row => row.Key).ToList();
        return newestFirst
            .Select(step => (Step: step, Row: logged.FindLastIndex(row => row.Key <= step)))
            .Where(checkpoint => checkpoint.Row >= 0)
            .OrderByDescending(checkpoint => Mode == BestMode.Max ? logged[checkpoint.Row].Value : -logged[checkpoint.Row].Value) // stable
            .Take(N)
            .Select(checkpoint => checkpoint.Step);
    }
}

/// <summary>Which value of a metric is the best.</summary>
public enum BestMode
{
    /// <summary>The largest.</summary>
    Max,

    /// <summary>The smallest.</summary>
    Min,
}
