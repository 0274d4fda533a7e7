namespace Pipeline.Engine.Runs;

/// <summary>A webhook took what it was owed, see <see cref="Notice"/>.</summary>
public sealed record NotificationSent : JournalEvent
{
    /// <summary>Sequence of the event that it was told.</summary>
    public required long About { get; init; }

    /// <summary>Its place under the pipeline's <c>notify</c>, from 0.</summary>
    public required int To { get; init; }

    /// <summary>Which try it was, from 1.</summary>
    public required int Attempt { get; init; }
}

/// <summary>A webhook could not be told.</summary>
public sealed record NotificationFailed : JournalEvent
{
    /// <summary>Sequence of the event that it was to be told.</summary>
    public required long About { get; init; }

    /// <summary>Its place under the pipeline's <c>notify</c>, from 0.</summary>
    public required int To { get; init; }

    /// <summary>Which try it was, from 1; where it grew too old, how many there were.</summary>
    public required int Attempt { get; init; }

    /// <summary>What happened, for a person. Neither the address nor a secret is in it.</summary>
    public required string Message { get; init; }

    /// <summary>When it is tried again, UTC; null if it was given up.</summary>
    public DateTimeOffset? Again { get; init; }
}
