using Pipeline.Engine.Ports;
using Pipeline.Engine.Runs;

namespace Pipeline.Engine.Tests.Simulation;

/// <summary>
/// The journal as one engine sees it: at times it does not answer, at times it has written and does not say so, and the
/// engine may be killed before and after every append.
/// </summary>
internal sealed class SimulatedStore(MemoryRunStore journal, VirtualProcess engine, Chaos chaos) : IRunStore
{
    private const double Killed = 0.01, NoAnswer = 0.02;

    public async Task Append(string run, long expectedSequence, IReadOnlyList<JournalEvent> events)
    {
        await Reach();
        if (chaos.Hits(NoAnswer)) throw new StoreUnavailableException("Nothing was written.");
        await journal.Append(run, expectedSequence, events);
        if (chaos.Hits(NoAnswer)) throw new StoreUnavailableException("It was written, but nobody says so.");
        await Reach();
    }

    public async Task<IReadOnlyList<JournalEvent>> Read(string run, long afterSequence = 0, int limit = int.MaxValue)
    {
        await Answer();
        return await journal.Read(run, afterSequence, limit);
    }

    public async Task<JournalChanges> Changes(long afterPosition)
    {
        await Answer();
        return await journal.Changes(afterPosition);
    }

    public async Task<IReadOnlyList<RunSummary>> Unfinished()
    {
        await Answer();
        return await journal.Unfinished();
    }

    public Task<IReadOnlyList<RunSummary>> Newest(int limit, string? before = null) => journal.Newest(limit, before);

    public Task<RunSummary?> Find(string run) => journal.Find(run);

    public async Task<IReadOnlyList<AttemptSucceeded>> Succeeded(string fingerprint)
    {
        await Answer();
        return await journal.Succeeded(fingerprint);
    }

    public async Task<IReadOnlyList<AttemptSummary>> AttemptsOf(string fingerprint)
    {
        await Answer();
        return await journal.AttemptsOf(fingerprint);
    }

    public Task<IReadOnlyList<AttemptSummary>> AttemptsAt(string pipeline, string instance, int limit) =>
        journal.AttemptsAt(pipeline, instance, limit);

    public Task Delete(IReadOnlyCollection<string> runs) => journal.Delete(runs);

    public Task<IReadOnlyList<string>> Deleted() => journal.Deleted();

    public Task Forget(string run) => journal.Forget(run);

    private async Task Answer()
    {
        await Reach();
        if (chaos.Hits(NoAnswer)) throw new StoreUnavailableException("It cannot be read now.");
    }

    private Task Reach() => engine.IsDead || chaos.Hits(Killed) ? engine.Kill() : Task.CompletedTask;
}
