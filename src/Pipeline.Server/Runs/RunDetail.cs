using System.Text.Json.Nodes;
using Pipeline.Engine.Runs;
using Pipeline.Protocol.Jobs;
using Pipeline.Server.Graphs;

namespace Pipeline.Server.Runs;

/// <summary>All that the page of a run shows, but for curves, logs, events and the report.</summary>
/// <param name="Line">What the list of runs shows of it.</param>
/// <param name="Description">What its pipeline is for.</param>
/// <param name="Params">The parameters' values.</param>
/// <param name="Overrides">What was chosen on the command line.</param>
/// <param name="Sequence">Number of events in its journal: follow the stream from here.</param>
/// <param name="Stages">Its stages in order.</param>
/// <param name="Graph">Where to draw them.</param>
/// <param name="Alarms">Alarms and early stops, newest first.</param>
/// <param name="EngineAtWork">Whether somebody moves the run on; null if it has ended, or that cannot be told.</param>
/// <param name="Operable">Whether it can be cancelled, resumed or approved from here.</param>
internal sealed record RunDetail(
    RunLine Line,
    string? Description,
    JsonObject Params,
    IReadOnlyList<string> Overrides,
    long Sequence,
    IReadOnlyList<StageDetail> Stages,
    GraphView Graph,
    IReadOnlyList<AlarmView> Alarms,
    bool? EngineAtWork,
    bool Operable);

/// <summary>A stage on the page of a run.</summary>
internal sealed record StageDetail
{
    /// <summary>Its id with its matrix values.</summary>
    public required string Instance { get; init; }

    /// <summary>Its kind.</summary>
    public required string Uses { get; init; }

    /// <summary>Where it stands.</summary>
    public required StagePhase State { get; init; }

    /// <summary>Whether it is active but waits for a free slot.</summary>
    public required bool Queued { get; init; }

    /// <summary>The stages it needs.</summary>
    public required IReadOnlyList<string> Needs { get; init; }

    /// <summary>How far it is; null unless it is at work and said so.</summary>
    public StageProgress? Progress { get; init; }

    /// <summary>Its attempts in order.</summary>
    public required IReadOnlyList<AttemptView> Attempts { get; init; }

    /// <summary>Seconds at work so far, over all attempts; null if it never started.</summary>
    public double? Seconds { get; init; }

    /// <summary>Tokens trained on or sampled; null until it succeeded.</summary>
    public long? Tokens { get; init; }

    /// <summary>Its final numbers.</summary>
    public required IReadOnlyDictionary<string, double> Metrics { get; init; }

    /// <summary>Its outputs.</summary>
    public required IReadOnlyList<OutputView> Outputs { get; init; }

    /// <summary>Things a person should know that did not stop it.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Why it stands where it stands, where that needs a word: a failure, a stage it waits for, an earlier run.</summary>
    public string? Reason { get; init; }

    /// <summary>Why its newest attempt was not spared by the cache.</summary>
    public string? CacheMiss { get; init; }

    /// <summary>Whether curves or logs can be asked for.</summary>
    public bool Started { get; init; }
}

/// <summary>One attempt at a stage.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Started">When its job was first seen alive; null while it waits.</param>
/// <param name="Ended">When it ended; null while it goes on.</param>
/// <param name="ResumeStep">Step it went on from; null if it started afresh.</param>
/// <param name="CheckpointStep">Step of its newest checkpoint.</param>
/// <param name="Class">Why it failed.</param>
/// <param name="Message">What happened, for a person.</param>
/// <param name="Exit">How its job ended, and what it took; null while it goes on, or if nobody saw.</param>
internal sealed record AttemptView(
    int Number,
    AttemptPhase State,
    DateTimeOffset? Started,
    DateTimeOffset? Ended,
    long? ResumeStep,
    long? CheckpointStep,
    FailureClass? Class,
    string? Message,
    ExitRecord? Exit);

/// <summary>An artifact that a stage made.</summary>
/// <param name="Name">Name of the output.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Digest">Its content hash.</param>
/// <param name="Rows">Number of rows, for a dataset.</param>
/// <param name="Parameters">Number of parameters, for a model.</param>
internal sealed record OutputView(string Name, string Kind, string Digest, long? Rows, long? Parameters);

/// <summary>An alarm or an early stop.</summary>
/// <param name="Time">When it was recorded.</param>
/// <param name="Instance">The stage.</param>
/// <param name="Attempt">The attempt.</param>
/// <param name="Step">The step.</param>
/// <param name="Kind">Alarm, or stopped.</param>
/// <param name="Code">Stable name.</param>
/// <param name="Message">One sentence for a person.</param>
internal sealed record AlarmView(
    DateTimeOffset Time, string Instance, int Attempt, long Step, StageEventKind Kind, string Code, string Message);
