using System.Text.Json.Nodes;
using Pipeline.Engine.Runs;
using Pipeline.Protocol.Jobs;
using Pipeline.Server.Runs;
using Pipeline.Spec.Resolved;

namespace Pipeline.Server.Stages;

/// <summary>All that the page of a stage shows, but for curves, logs and rollouts.</summary>
internal sealed record StagePage
{
    /// <summary>The run.</summary>
    public required string Run { get; init; }

    /// <summary>Name of its pipeline.</summary>
    public required string Pipeline { get; init; }

    /// <summary>Where the run stands.</summary>
    public required RunPhase RunState { get; init; }

    /// <summary>Number of events in the run's journal: follow the stream from here.</summary>
    public required long Sequence { get; init; }

    /// <summary>All stages of the run, to go on to another.</summary>
    public required IReadOnlyList<StageMark> Siblings { get; init; }

    /// <summary>What the run says of it.</summary>
    public required StageDetail Stage { get; init; }

    /// <summary>Whose work it shows, for a stage taken from the cache; null if it did the work itself.</summary>
    public SourceView? Source { get; init; }

    /// <summary>Its alarms and early stops, newest first.</summary>
    public required IReadOnlyList<AlarmView> Alarms { get; init; }

    /// <summary>Its checkpoints, newest first.</summary>
    public required IReadOnlyList<CheckpointView> Checkpoints { get; init; }

    /// <summary>What it reads.</summary>
    public required IReadOnlyList<InputView> Inputs { get; init; }

    /// <summary>Version of its kind.</summary>
    public required int KindVersion { get; init; }

    /// <summary>Its options, complete.</summary>
    public required JsonObject Options { get; init; }

    /// <summary>Program and arguments of a <c>command</c> stage.</summary>
    public IReadOnlyList<string>? Command { get; init; }

    /// <summary>Seed of its random numbers.</summary>
    public required long Seed { get; init; }

    /// <summary>What it may take of the machine.</summary>
    public required StageResources Resources { get; init; }

    /// <summary>When it is tried again.</summary>
    public required RetryPolicy Retry { get; init; }

    /// <summary>Reasons to end early.</summary>
    public required IReadOnlyList<StopCondition> StopWhen { get; init; }
}

/// <summary>An attempt of another run whose outputs were taken.</summary>
/// <param name="Run">The run.</param>
/// <param name="Instance">The stage instance in it.</param>
/// <param name="Attempt">Number of the attempt.</param>
internal sealed record SourceView(string Run, string Instance, int Attempt);

/// <summary>A checkpoint.</summary>
/// <param name="Attempt">The attempt that wrote it.</param>
/// <param name="Step">The optimizer step.</param>
/// <param name="Time">When it was recorded.</param>
/// <param name="Bytes">Its size; null once it was deleted to keep only the newest.</param>
/// <param name="Kept">The rules of the policy that keep it; none for one that is gone or can go.</param>
internal sealed record CheckpointView(int Attempt, long Step, DateTimeOffset Time, long? Bytes, IReadOnlyList<string> Kept);

/// <summary>What a stage reads.</summary>
/// <param name="Name">Name of the input.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Stage">The stage that makes it; null if it comes from outside.</param>
/// <param name="Output">Name of that stage's output.</param>
/// <param name="Path">Where it is, if it comes from outside.</param>
/// <param name="Digest">Its content hash; null until the stage was started.</param>
internal sealed record InputView(string Name, string Kind, string? Stage, string? Output, string? Path, string? Digest);
