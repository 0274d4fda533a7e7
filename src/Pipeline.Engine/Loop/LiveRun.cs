using Pipeline.Engine.Ports;
using Pipeline.Engine.Runs;
using Serilog;

namespace Pipeline.Engine.Loop;

/// <summary>A run's journal in the hands of the engine: its fold, kept current, and the one way to append to it.</summary>
#pragma warning disable CA1001 // a semaphore whose wait handle nobody asks for holds nothing to dispose
internal sealed class LiveRun(RunState state, IRunStore store, TimeProvider time, ILogger log, CancellationToken detach)
#pragma warning restore CA1001
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

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
            for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
            {
                try
                {
                    if (decide(_state) is not { Count: > 0 } facts) return [];
                    var events = await JournalWriter.Append(store, time, _state.Run, _state.Sequence, facts);
                    Fold(events);
                    return events;
                }
                catch (SequenceConflictException) { await ReadOn(pause); }
                catch (StoreUnavailableException error)
                {
                    log.Warning(error, "The journal of run {Run} did not answer; trying again in {Pause}", _state.Run, pause);
                    await Task.Delay(pause, time, detach);
                    await ReadOn(pause);
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
            await ReadOn(FirstPause);
        }
        finally { _turn.Release(); }
    }

    private async Task ReadOn(TimeSpan pause)
    {
        while (true)
        {
            try
            {
                Fold(await store.Read(_state.Run, _state.Sequence));
                return;
            }
            catch (StoreUnavailableException error)
            {
                log.Warning(error, "The journal of run {Run} cannot be read; trying again in {Pause}", _state.Run, pause);
                await Task.Delay(pause, time, detach);
            }
        }
    }

    private void Fold(IEnumerable<JournalEvent> events) =>
        _state = events.Aggregate(_state, (state, fact) => state.Apply(fact));
}
