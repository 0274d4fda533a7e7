using Microsoft.Extensions.Caching.Memory;
using Pipeline.Engine;
using Pipeline.Engine.Loop;
using Pipeline.Engine.Ports;

namespace Pipeline.Server.Runs;

/// <summary>The runs of the store, folded. What was folded once is kept and folded on, so that asking again costs what is new.</summary>
internal sealed class RunCatalog(IRunStore store, RunClient client) : IDisposable
{
    private const int RunsAPage = 200;
    private const int RunsKept = 500; // a few hundred kilobytes each at most
    private readonly MemoryCache _histories = new(new MemoryCacheOptions { SizeLimit = RunsKept });

    /// <summary>The history of the run that a person's word means: an id, the beginning or end of one, or <c>latest</c>.</summary>
    /// <exception cref="EngineException">It means no run, or several.</exception>
    public async Task<RunHistory> Find(string word)
    {
        var run = await client.Resolve(word);
        var known = _histories.Get<RunHistory>(run);
        var history = RunHistory.Fold(known, await store.Read(run, known?.State.Sequence ?? 0));
        _histories.Set(run, history, new MemoryCacheEntryOptions { Size = 1 });
        return history ?? throw new EngineException(EngineErrors.RunUnknown, $"There is no run {run} here.");
    }

    /// <summary>The histories of the newest runs, newest first.</summary>
    /// <param name="limit">At most so many.</param>
    /// <param name="before">Only runs older than this one; null for the newest.</param>
    /// <param name="filter">Only these. Runs that are not meant are not folded, so that a search among thousands is one.</param>
    public async Task<IReadOnlyList<RunHistory>> Newest(int limit, string? before, RunFilter filter)
    {
        var histories = new List<RunHistory>();
        while (histories.Count < limit && await store.Newest(RunsAPage, before) is { Count: > 0 } page)
        {
            foreach (var summary in page.Where(filter.Holds).Take(limit - histories.Count))
            {
                var known = _histories.Get<RunHistory>(summary.Run);
                histories.Add(known is not null && known.State.Sequence == summary.Sequence ? known : await Find(summary.Run));
            }
            before = page[^1].Run;
        }
        return histories;
    }

    /// <inheritdoc/>
    public void Dispose() => _histories.Dispose();
}
