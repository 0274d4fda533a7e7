using System.Text.Json.Serialization;

namespace Pipeline.Engine.Runs;

/// <summary>A fact in a run's journal. The journal is append-only; all state is a fold over it, see <see cref="RunState"/>.</summary>
/// <remarks>
/// Its <c>type</c> in JSON is the record's name. A new kind of event, or a new field without a default, makes journals
/// that an older program refuses (<see cref="EngineErrors.JournalNewer"/>).
/// </remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(RunSubmitted), nameof(RunSubmitted))]
[JsonDerivedType(typeof(RunCancelRequested), nameof(RunCancelRequested))]
[JsonDerivedType(typeof(RunResumed), nameof(RunResumed))]
[JsonDerivedType(typeof(RunPinned), nameof(RunPinned))]
[JsonDerivedType(typeof(StageCached), nameof(StageCached))]
[JsonDerivedType(typeof(StageSkipped), nameof(StageSkipped))]
[JsonDerivedType(typeof(AttemptIntended), nameof(AttemptIntended))]
[JsonDerivedType(typeof(AttemptStarted), nameof(AttemptStarted))]
[JsonDerivedType(typeof(AttemptAttached), nameof(AttemptAttached))]
[JsonDerivedType(typeof(CheckpointRecorded), nameof(CheckpointRecorded))]
[JsonDerivedType(typeof(AlarmRaised), nameof(AlarmRaised))]
[JsonDerivedType(typeof(AttemptSucceeded), nameof(AttemptSucceeded))]
[JsonDerivedType(typeof(AttemptFailed), nameof(AttemptFailed))]
[JsonDerivedType(typeof(RetryScheduled), nameof(RetryScheduled))]
[JsonDerivedType(typeof(GateEvaluated), nameof(GateEvaluated))]
[JsonDerivedType(typeof(ApprovalRequested), nameof(ApprovalRequested))]
[JsonDerivedType(typeof(ApprovalGiven), nameof(ApprovalGiven))]
[JsonDerivedType(typeof(NotificationSent), nameof(NotificationSent))]
[JsonDerivedType(typeof(NotificationFailed), nameof(NotificationFailed))]
[JsonDerivedType(typeof(RunSucceeded), nameof(RunSucceeded))]
[JsonDerivedType(typeof(RunFailed), nameof(RunFailed))]
[JsonDerivedType(typeof(RunCancelled), nameof(RunCancelled))]
public abstract record JournalEvent
{
    /// <summary>The run's id; set when the event is appended.</summary>
    [JsonPropertyOrder(-7)]
    public string Run { get; init; } = "";

    /// <summary>Place in the run's journal, from 1, without gaps; set when the event is appended.</summary>
    [JsonPropertyOrder(-6)]
    public long Sequence { get; init; }

    /// <summary>When it was appended, UTC.</summary>
    [JsonPropertyOrder(-5)]
    public DateTimeOffset Time { get; init; }
}

/// <summary>A fact about one stage instance.</summary>
public abstract record StageFact : JournalEvent
{
    /// <summary>The stage's id in the pipeline file.</summary>
    [JsonPropertyOrder(-4)]
    public string Stage { get; init; } = "";

    /// <summary>The stage's id with its matrix values.</summary>
    [JsonPropertyOrder(-3)]
    public string Instance { get; init; } = "";
}

/// <summary>A fact about one attempt. Ignored by the fold unless the token is that of the attempt and the attempt has not ended.</summary>
public abstract record AttemptFact : StageFact
{
    /// <summary>Number of the attempt, from 1.</summary>
    [JsonPropertyOrder(-2)]
    public int Attempt { get; init; }

    /// <summary>Fencing token of the attempt.</summary>
    [JsonPropertyOrder(-1)]
    public string Token { get; init; } = "";
}
