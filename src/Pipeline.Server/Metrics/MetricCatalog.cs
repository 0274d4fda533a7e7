using Microsoft.Extensions.Caching.Memory;
using Pipeline.Datasets.Parquet.Rows;
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
        return Of(chain).Read(files, chain, query);
    }

    /// <summary>All values of a stage's metrics, a row a step.</summary>
    /// <inheritdoc cref="Read"/>
    public async Task<IReadOnlyList<MetricRow>> Rows(string run, string instance, IReadOnlySet<string>? names)
    {
        var chain = await attempts.Find(run, instance);
        return Of(chain).Rows(files, chain, names);
    }

    private StageMetrics Of(AttemptChain chain) => _stages.GetOrCreate((chain.Run, chain.Instance), entry =>
    {
        entry.Size = 1;
        return new StageMetrics();
    })!;

    /// <inheritdoc/>
    public void Dispose() => _stages.Dispose();
}
