using Pipeline.Engine.Ports;
using Pipeline.Engine.Runs;
using Pipeline.Protocol;

namespace Pipeline.Engine.Loop;

/// <summary>Appends events under their run's name, number and time.</summary>
internal static class JournalWriter
{
    /// <summary>Appends <paramref name="facts"/> after event <paramref name="sequence"/>; returns them as they stand in the journal.</summary>
    public static async Task<IReadOnlyList<JournalEvent>> Append(
        IRunStore store, TimeProvider time, string run, long sequence, IReadOnlyList<JournalEvent> facts)
    {
        var now = time.GetUtcNow();
        JournalEvent[] events = [.. facts.Select((fact, i) => fact with { Run = run, Sequence = sequence + 1 + i, Time = now })];
        if (CrashPoint.IsArmed)
            foreach (var fact in events) CrashPoint.Before(EngineCrashPoints.Append(fact.GetType().Name));
        await store.Append(run, sequence, events);
        if (CrashPoint.IsArmed)
            foreach (var fact in events) CrashPoint.After(EngineCrashPoints.Append(fact.GetType().Name));
        return events;
    }
}
