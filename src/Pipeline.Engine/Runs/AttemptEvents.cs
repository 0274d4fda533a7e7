using System.Text.Json.Nodes;
using Pipeline.Protocol.Jobs;

namespace Pipeline.Engine.Runs;

/// <summary>
/// The engine is about to hand a job to the executor. Committed before anything is launched, so that after a crash the
/// executor is asked for the job by its name before it is submitted again.
/// </summary>
public sealed record AttemptIntended : AttemptFact
{
    /// <summary>The job's name at the executor.</summary>
    public required string Job { get; init; }

    /// <summary>Hash of all that determines the outputs; empty if an input was missing and nothing was launched.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>What went into the fingerprint, see <see cref="Spec.Fingerprints.FingerprintParts"/>: a later miss says what differs.</summary>
    public JsonObject FingerprintParts { get; init; } = [];

    /// <summary>What the attempt reads, with digests.</summary>
    public IReadOnlyDictionary<string, JobInput> Inputs { get; init; } = new Dictionary<string, JobInput>();

    /// <summary>The verified checkpoint it goes on from; null to start afresh.</summary>
    public string? ResumeFrom { get; init; }

    /// <summary>Step of that checkpoint.</summary>
    public long? ResumeStep { get; init; }

    /// <summary>Why nothing was found in the cache, for a person.</summary>
    public string? CacheMiss { get; init; }

    /// <summary>What a person should know, such as a damaged checkpoint that was passed over.</summary>
    public string? Note { get; init; }
}

/// <summary>The job was seen alive for the first time.</summary>
public sealed record AttemptStarted : AttemptFact;

/// <summary>An engine that was started anew found the job alive and watches it again.</summary>
public sealed record AttemptAttached : AttemptFact;

/// <summary>The stage wrote a checkpoint and verified it.</summary>
public sealed record CheckpointRecorded : AttemptFact
{
    /// <summary>The optimizer step it holds.</summary>
    public required long Step { get; init; }

    /// <summary>Absolute path of its folder.</summary>
    public required string Path { get; init; }

    /// <summary>Bytes of <c>events.jsonl</c> read up to and with this event; makes copying exactly once.</summary>
    public required long Offset { get; init; }
}

/// <summary>The stage raised an alarm, or said that it ends early.</summary>
public sealed record AlarmRaised : AttemptFact
{
    /// <summary>Alarm, or stopped.</summary>
    public required StageEventKind Kind { get; init; }

    /// <summary>The optimizer step.</summary>
    public required long Step { get; init; }

    /// <summary>Stable name, such as <c>ENTROPY_COLLAPSE</c>.</summary>
    public required string Code { get; init; }

    /// <summary>One sentence for a person.</summary>
    public required string Message { get; init; }

    /// <summary>Bytes of <c>events.jsonl</c> read up to and with this event.</summary>
    public required long Offset { get; init; }
}

/// <summary>The stage is done and its outputs were found to have the digests that it claims.</summary>
public sealed record AttemptSucceeded : AttemptFact
{
    /// <summary>Under which a later run finds the outputs.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The outputs.</summary>
    public required IReadOnlyDictionary<string, StageOutput> Outputs { get; init; }

    /// <summary>Final numbers.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();

    /// <summary>Tokens trained on or sampled, over all attempts.</summary>
    public long Tokens { get; init; }

    /// <summary>Seconds of work, over all attempts.</summary>
    public double Seconds { get; init; }

    /// <summary>Things a person should know that did not stop the stage.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Digest of the program that made them, see <see cref="StageProgram.Digest"/>.</summary>
    public string Program { get; init; } = "";

    /// <summary>How the job ended; null if nobody saw it and only its result was found.</summary>
    public ExitRecord? Exit { get; init; }
}

/// <summary>The attempt ended without success. What follows was decided with it, so that a crash cannot part the two.</summary>
public sealed record AttemptFailed : AttemptFact
{
    /// <summary>Why; it decides what follows.</summary>
    public required FailureClass Class { get; init; }

    /// <summary>Stable code, for failures that have one.</summary>
    public string? Code { get; init; }

    /// <summary>What happened, for a person.</summary>
    public required string Message { get; init; }

    /// <summary>The step it had reached.</summary>
    public long Step { get; init; }

    /// <summary>True: another attempt follows. False: the stage has failed.</summary>
    public required bool Retry { get; init; }

    /// <summary>Whether the retry counts against the limit.</summary>
    public bool Counted { get; init; }

    /// <summary>How the job ended; null if it was never started or nobody saw its end.</summary>
    public ExitRecord? Exit { get; init; }
}

/// <summary>The next attempt of a stage starts at that time.</summary>
public sealed record RetryScheduled : StageFact
{
    /// <summary>Number of the attempt that will follow.</summary>
    public required int Attempt { get; init; }

    /// <summary>Not before this time, UTC.</summary>
    public required DateTimeOffset At { get; init; }
}
