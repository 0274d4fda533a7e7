using Pipeline.Server.Runs;

namespace Pipeline.Server.Metrics;

/// <summary>
/// The curves of a stage over all its attempts: for each step the row of the latest attempt that logged it. Rows of an
/// attempt beyond the step from which a later one went on are superseded and left out.
/// </summary>
internal sealed class StageMetrics
{
    private readonly Lock _turn = new();
    private readonly Dictionary<int, MetricLog> _logs = [];

    /// <summary>The curves between two steps, thinned for drawing.</summary>
    /// <param name="files">Opens the files.</param>
    /// <param name="chain">The attempts.</param>
    /// <param name="query">Which metrics, which steps, how many points.</param>
    public MetricsView Read(StateFiles files, AttemptChain chain, MetricsQuery query)
    {
        lock (_turn)
        {
            foreach (var attempt in chain.Attempts)
            {
                if (!_logs.TryGetValue(attempt.Number, out var log))
                    _logs[attempt.Number] = log = new MetricLog(files, attempt.Folder.Metrics);
                log.Refresh();
            }
            var names = chain.Attempts.SelectMany(attempt => _logs[attempt.Number].Series.Keys).Distinct().Order(StringComparer.Ordinal);
            return new MetricsView(
                chain.Run,
                chain.Instance,
                [.. chain.Attempts.Select(attempt => new AttemptSpan(attempt.Number, attempt.ResumeStep, _logs[attempt.Number].LastStep))],
                _logs.Values.Sum(log => log.Unreadable),
                names.Where(name => query.Names is null || query.Names.Contains(name))
                    .ToDictionary(name => name, name => Thin(Merge(chain, name), query)));
        }
    }

    private MetricSeries Merge(AttemptChain chain, string name)
    {
        if (chain.Attempts.Count == 1) return _logs[chain.Attempts[0].Number].Series[name];
        var merged = new MetricSeries();
        for (var i = 0; i < chain.Attempts.Count; i++)
            if (_logs[chain.Attempts[i].Number].Series.TryGetValue(name, out var series)) merged.AddUpTo(series, chain.LastStepOf(i));
        return merged;
    }

    private static Curve Thin(MetricSeries series, MetricsQuery query)
    {
        var range = series.Between(query.From, query.To);
        var steps = series.Steps[range];
        var values = series.Values[range];
        var kept = MinMaxDecimation.Of(steps, values, query.Points);
        var (keptSteps, keptValues) = (new long[kept.Count], new double[kept.Count]);
        for (var i = 0; i < kept.Count; i++) (keptSteps[i], keptValues[i]) = (steps[kept[i]], values[kept[i]]);
        return new Curve(steps.Length, keptSteps, keptValues);
    }
}

/// <summary>What is asked of a stage's metrics.</summary>
/// <param name="Names">Only these; null for all.</param>
/// <param name="From">First step.</param>
/// <param name="To">Last step.</param>
/// <param name="Points">About how many points a curve, see <see cref="MinMaxDecimation"/>.</param>
internal sealed record MetricsQuery(IReadOnlySet<string>? Names, long From, long To, int Points);
