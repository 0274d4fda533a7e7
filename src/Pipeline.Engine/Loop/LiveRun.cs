using Pipeline.Engine.Ports;
using Pipeline.Engine.Runs;

namespace Pipeline.Engine.Loop;

/// <summary>A run's journal in the hands of the engine: its fold, kept current, and the one way to append to it.</summary>
#pragma warning disable CA1001 // a semaphore whose wait handle nobody asks for holds nothing to dispose
internal sealed class LiveRun(RunState state, IRunStore store, TimeProvider time, JournalOutage outage, CancellationToken detach)
#pragma warning restore CA1001
{
    private readonly SemaphoreSlim _turn = new(1);
    private volatile RunState _state = state;

    /// <summary>The newest state known here.</summary>
    public RunState State => _state;

    /// <summary>
    /// Appends what <paramref name="decide"/> says about the newest state. Where somebody else was first, or it is
    /// unknown whether the events were written, the journal is read on and the question put again: an answer must
    /// follow from the state alone.
    /// </summary>
    /// <returns>What was appended, nothing if there was nothing to say any more.</returns>
    public async Task<IReadOnlyList<JournalEvent>> Append(Func<RunState, IReadOnlyList<JournalEvent>> decide)
    {
        await _turn.WaitAsync(CancellationToken.None);
        try
        {
            while (true)
            {
                try
                {
                    if (decide(_state) is not { Count: > 0 } facts) return [];
                    var events = await JournalWriter.Append(store, time, _state.Run, _state.Sequence, facts);
                    Fold(events);
                    return events;
                }
                catch (SequenceConflictException) { await ReadOn(); }
                catch (StoreUnavailableException error)
                {
                    await outage.Wait(error, detach);
                    await ReadOn();
                }
            }
        }
        finally { _turn.Release(); }
    }

    /// <summary>Takes in what others appended.</summary>
    public async Task CatchUp()
    {
        await _turn.WaitAsync(CancellationToken.None);
        try
        {
            await ReadOn();
        }
        finally { _turn.Release(); }
    }

    private async Task ReadOn()
    {
        while (true)
        {
            try
            {
                Fold(await store.Read(_state.Run, _state.Sequence));
                outage.IsOver();
                return;
            }
            catch (StoreUnavailableException error) { await outage.Wait(error, detach); }
        }
    }

    private void Fold(IEnumerable<JournalEvent> events) =>
        _state = events.Aggregate(_state, (state, fact) => state.Apply(fact));
}
