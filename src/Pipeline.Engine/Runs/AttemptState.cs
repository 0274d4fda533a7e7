namespace Pipeline.Engine.Runs;

/// <summary>One attempt of a stage, as the journal tells it.</summary>
public sealed record AttemptState
{
    /// <summary>The intent with which it began: number, token, job, inputs, checkpoint to go on from.</summary>
    public required AttemptIntended Intent { get; init; }

    /// <summary>Where it stands.</summary>
    public AttemptPhase Phase { get; init; } = AttemptPhase.Intended;

    /// <summary>When its job was first seen alive.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>When its end was recorded.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>Bytes of its <c>events.jsonl</c> that are in the journal already.</summary>
    public long EventsRead { get; init; }

    /// <summary>Newest checkpoint it wrote; null if none.</summary>
    public CheckpointRecorded? Checkpoint { get; init; }

    /// <summary>How it failed; null unless it did.</summary>
    public AttemptFailed? Failure { get; init; }

    /// <summary>Number of the attempt, from 1.</summary>
    public int Number => Intent.Attempt;

    /// <summary>Fencing token: the sequence number of the intent, so that a later attempt has a larger one.</summary>
    public string Token => Intent.Token;

    /// <summary>Whether it has not ended.</summary>
    public bool Alive => Phase is AttemptPhase.Intended or AttemptPhase.Running;

    /// <summary>Whether it got further than where it started from.</summary>
    public bool GainedCheckpoint => Checkpoint is { } checkpoint && checkpoint.Step > (Intent.ResumeStep ?? -1);

    /// <summary>The attempt after <paramref name="fact"/>; itself if the fact is another attempt's, or late.</summary>
    internal AttemptState Apply(AttemptFact fact)
    {
        if (!Alive || fact.Token != Token) return this;
        return fact switch
        {
            AttemptStarted => this with { Phase = AttemptPhase.Running, Started = Started ?? fact.Time },
            CheckpointRecorded checkpoint => this with
            {
                EventsRead = Math.Max(EventsRead, checkpoint.Offset),
                Checkpoint = Checkpoint is { } known && known.Step >= checkpoint.Step ? known : checkpoint,
            },
            AlarmRaised alarm => this with { EventsRead = Math.Max(EventsRead, alarm.Offset) },
            AttemptSucceeded => this with { Phase = AttemptPhase.Succeeded, Ended = fact.Time },
            AttemptFailed failure => this with { Phase = AttemptPhase.Failed, Ended = fact.Time, Failure = failure },
            _ => this,
        };
    }
}
