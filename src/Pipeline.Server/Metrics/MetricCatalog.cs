using Microsoft.Extensions.Caching.Memory;
using Pipeline.Server.Runs;

namespace Pipeline.Server.Metrics;

/// <summary>Keeps the metrics of the stages that were looked at last, so that following a live one reads only what is new.</summary>
internal sealed class MetricCatalog(StateFiles files, StageAttempts attempts) : IDisposable
{
    private const int StagesKept = 50; // 100,000 steps of 30 metrics are 48 MB
    private readonly MemoryCache _stages = new(new MemoryCacheOptions { SizeLimit = StagesKept });

    /// <summary>The curves of a stage.</summary>
    /// <exception cref="Engine.EngineException">There is no such run.</exception>
    /// <exception cref="ServerException">The run has no such stage.</exception>
    public async Task<MetricsView> Read(string run, string instance, MetricsQuery query)
    {
        var chain = await attempts.Find(run, instance);
        var metrics = _stages.GetOrCreate((chain.Run, chain.Instance), entry =>
        {
            entry.Size = 1;
            return new StageMetrics();
        })!;
        return metrics.Read(files, chain, query);
    }

    /// <inheritdoc/>
    public void Dispose() => _stages.Dispose();
}
