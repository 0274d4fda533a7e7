using Pipeline.Datasets.Parquet.Rows;
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
            Refresh(files, chain);
            var times = Merge(chain, log => log.Times);
            return new MetricsView(
                chain.Run,
                chain.Instance,
                [.. chain.Attempts.Select(attempt => new AttemptSpan(attempt.Number, attempt.ResumeStep, _logs[attempt.Number].LastStep))],
                _logs.Values.Sum(log => log.Unreadable),
                Names(chain, query.Names).ToDictionary(name => name, name => Thin(Merge(chain, log => log.Series.GetValueOrDefault(name)), times, query)));
        }
    }

    /// <summary>All values of the metrics, a row a step: what a download holds.</summary>
    /// <param name="files">Opens the files.</param>
    /// <param name="chain">The attempts.</param>
    /// <param name="names">Only these; null for all.</param>
    public IReadOnlyList<MetricRow> Rows(StateFiles files, AttemptChain chain, IReadOnlySet<string>? names)
    {
        lock (_turn)
        {
            Refresh(files, chain);
            var times = Merge(chain, log => log.Times);
            var series = Names(chain, names).ToDictionary(name => name, name => Merge(chain, log => log.Series.GetValueOrDefault(name)));
            var steps = new SortedSet<long>();
            foreach (var one in series.Values) steps.UnionWith(one.Steps.ToArray());
            return [.. steps.Select(step => new MetricRow
            {
                Step = step,
                Time = times.At(step) is { } time ? DateTimeOffset.FromUnixTimeMilliseconds((long)time) : null,
                Values = series.ToDictionary(one => one.Key, one => one.Value.At(step)),
            })];
        }
    }

    private void Refresh(StateFiles files, AttemptChain chain)
    {
        foreach (var attempt in chain.Attempts)
        {
            if (!_logs.TryGetValue(attempt.Number, out var log))
                _logs[attempt.Number] = log = new MetricLog(files, attempt.Folder.Metrics);
            log.Refresh();
        }
    }

    private IEnumerable<string> Names(AttemptChain chain, IReadOnlySet<string>? asked) => chain.Attempts
        .SelectMany(attempt => _logs[attempt.Number].Series.Keys)
        .Distinct()
        .Where(name => asked is null || asked.Contains(name))
        .Order(StringComparer.Ordinal);

    private MetricSeries Merge(AttemptChain chain, Func<MetricLog, MetricSeries?> seriesOf)
    {
        var merged = new MetricSeries();
        for (var i = 0; i < chain.Attempts.Count; i++)
        {
            if (seriesOf(_logs[chain.Attempts[i].Number]) is not { } series) continue;
            if (chain.Attempts.Count == 1) return series;
            merged.AddUpTo(series, chain.LastStepOf(i));
        }
        return merged;
    }

    // The smoothed curve is made of all values and then thinned: what is drawn does not depend on how far one has zoomed in.
    private static Curve Thin(MetricSeries series, MetricSeries times, MetricsQuery query)
    {
        double[]? smooth = query.Smoothing > 0 ? Smoothing.Of(series.Values, query.Smoothing) : null;
        var range = series.Between(query.From, query.To);
        var steps = series.Steps[range];
        var values = series.Values[range];
        var kept = MinMaxDecimation.Of(steps, values, query.Points);
        var (keptSteps, keptValues) = (new long[kept.Count], new double[kept.Count]);
        for (var i = 0; i < kept.Count; i++) (keptSteps[i], keptValues[i]) = (steps[kept[i]], values[kept[i]]);
        return new Curve(
            steps.Length,
            keptSteps,
            keptValues,
            [.. keptSteps.Select(step => (long?)times.At(step))],
            smooth is null ? null : [.. kept.Select(place => smooth[range.Start.Value + place])]);
    }
}

/// <summary>What is asked of a stage's metrics.</summary>
/// <param name="Names">Only these; null for all.</param>
/// <param name="From">First step.</param>
/// <param name="To">Last step.</param>
/// <param name="Points">About how many points a curve, see <see cref="MinMaxDecimation"/>.</param>
/// <param name="Smoothing">How much of a smoothed curve is its own past, see <see cref="Metrics.Smoothing"/>; 0 for none.</param>
internal sealed record MetricsQuery(IReadOnlySet<string>? Names, long From, long To, int Points, double Smoothing = 0);
