using System.Collections.Immutable;
using Pipeline.Engine.Runs;

namespace Pipeline.Server.Runs;

/// <summary>A run as its page shows it: the engine's fold, and what only people want to know of the journal.</summary>
/// <param name="State">The engine's fold.</param>
/// <param name="Successes">The success of each stage that ran to its end, by instance: its tokens, seconds and warnings.</param>
/// <param name="Alarms">Alarms and early stops, oldest first.</param>
/// <param name="Checkpoints">Checkpoints, oldest first; also those that were deleted since.</param>
internal sealed record RunHistory(
    RunState State,
    ImmutableDictionary<string, AttemptSucceeded> Successes,
    ImmutableList<AlarmRaised> Alarms,
    ImmutableList<CheckpointRecorded> Checkpoints)
{
    /// <summary>The history after further events; <paramref name="history"/> is null before the first.</summary>
    public static RunHistory? Fold(RunHistory? history, IReadOnlyList<JournalEvent> events) =>
        events.Aggregate(history, (known, fact) => known is null
            ? new RunHistory(RunState.Fold([fact]), ImmutableDictionary<string, AttemptSucceeded>.Empty, [], [])
            : known.Apply(fact));

    private RunHistory Apply(JournalEvent fact)
    {
        var next = this with { State = State.Apply(fact) };
        return fact switch
        {
            AttemptSucceeded success => next with { Successes = Successes.SetItem(success.Instance, success) },
            AlarmRaised alarm => next with { Alarms = Alarms.Add(alarm) },
            CheckpointRecorded checkpoint => next with { Checkpoints = Checkpoints.Add(checkpoint) },
            _ => next,
        };
    }
}
