using Pipeline.Spec.Resolved;

namespace Pipeline.Engine.Runs;

/// <summary>An earlier attempt made the same outputs, and they still verify; nothing is started.</summary>
public sealed record StageCached : StageFact
{
    /// <summary>The fingerprint that both share.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>Run of the attempt that made the outputs.</summary>
    public required string SourceRun { get; init; }

    /// <summary>Stage instance of that attempt.</summary>
    public required string SourceInstance { get; init; }

    /// <summary>Number of that attempt.</summary>
    public required int SourceAttempt { get; init; }

    /// <summary>The outputs, where that attempt left them.</summary>
    public required IReadOnlyDictionary<string, StageOutput> Outputs { get; init; }

    /// <summary>Final numbers of that attempt.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();

    /// <summary>Digest of the program that made the outputs, see <see cref="StageProgram.Digest"/>.</summary>
    public string Program { get; init; } = "";
}

/// <summary>The stage is left out; those that need it go on without it.</summary>
public sealed record StageSkipped : StageFact
{
    /// <summary>Why, for a person.</summary>
    public required string Reason { get; init; }
}

/// <summary>A gate compared a metric of a finished stage with its bound.</summary>
public sealed record GateEvaluated : StageFact
{
    /// <summary>The metric, such as <c>eval/pass@1</c>.</summary>
    public required string Metric { get; init; }

    /// <summary>Its value; null if the stage did not report it.</summary>
    public double? Value { get; init; }

    /// <summary>The comparison and its bound, such as <c>&gt;= 0.35</c>.</summary>
    public required string Bound { get; init; }

    /// <summary>Whether the value met the bound.</summary>
    public required bool Passed { get; init; }

    /// <summary>What follows if it did not.</summary>
    public GateFailure OnFail { get; init; }
}

/// <summary>The stage waits for a person.</summary>
public sealed record ApprovalRequested : StageFact
{
    /// <summary>The question.</summary>
    public required string Message { get; init; }

    /// <summary>Until when an answer is waited for, UTC; null for ever.</summary>
    public DateTimeOffset? Deadline { get; init; }
}

/// <summary>A person, or the time-out that stands in for one, answered.</summary>
public sealed record ApprovalGiven : StageFact
{
    /// <summary>True: the stage starts. False: it fails.</summary>
    public required bool Approved { get; init; }

    /// <summary>Who answered.</summary>
    public required string By { get; init; }

    /// <summary>Why, in their words.</summary>
    public string? Reason { get; init; }
}

/// <summary>An artifact that a stage made. Immutable from here on.</summary>
/// <param name="Path">Absolute path of the file or folder.</param>
/// <param name="Kind">What it is, see <see cref="Protocol.Artifacts.ArtifactKind"/>.</param>
/// <param name="Digest">Its content hash, see <see cref="Protocol.Artifacts.ArtifactDigest"/>.</param>
/// <param name="Rows">Number of rows, for a dataset.</param>
/// <param name="Parameters">Number of parameters, for a model.</param>
public sealed record StageOutput(string Path, string Kind, string Digest, long? Rows = null, long? Parameters = null);
