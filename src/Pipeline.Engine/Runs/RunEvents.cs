using Pipeline.Spec.Resolved;

namespace Pipeline.Engine.Runs;

/// <summary>A run begins. Everything it will ever need of the pipeline file is here.</summary>
public sealed record RunSubmitted : JournalEvent
{
    /// <summary>What the run executes.</summary>
    public required ResolvedPipeline Pipeline { get; init; }

    /// <summary>The program that performs the built-in stages, pinned for this run.</summary>
    public required StageProgram Program { get; init; }

    /// <summary>The run whose pipeline this is, with or without changes; null if it comes from a file.</summary>
    public string? ForkedFrom { get; init; }
}

/// <summary>The program that performs the built-in stages.</summary>
/// <param name="Command">Absolute path of the program, and arguments before those of the job.</param>
/// <param name="Digest">Names its build; recorded beside results so that "made by another build" can be told.</param>
public sealed record StageProgram(IReadOnlyList<string> Command, string Digest);

/// <summary>A person wants the run to end: nothing more is started, jobs are stopped, then follows <see cref="RunCancelled"/>.</summary>
public sealed record RunCancelRequested : JournalEvent
{
    /// <summary>Who asked.</summary>
    public string? By { get; init; }
}

/// <summary>
/// A run that is over goes on: what succeeded is kept, the rest is tried again from its checkpoints. One that succeeded
/// goes on only from a stage.
/// </summary>
public sealed record RunResumed : JournalEvent
{
    /// <summary>A program to go on with in place of the one the run was submitted with; null keeps that.</summary>
    public StageProgram? Program { get; init; }

    /// <summary>
    /// Instances that are made anew, whatever the cache and their checkpoints hold; those behind them run again too, or are
    /// taken from the cache if nothing changed for them.
    /// </summary>
    public IReadOnlyList<string> From { get; init; } = [];

    /// <summary>The pipeline from here on; null keeps it as it was.</summary>
    public ResolvedPipeline? Pipeline { get; init; }
}

/// <summary>A person wants the run and everything in it to be kept, or does not any more.</summary>
public sealed record RunPinned : JournalEvent
{
    /// <summary>True: nothing of it is deleted, neither by hand nor by <c>gc</c>.</summary>
    public required bool Pinned { get; init; }

    /// <summary>Who asked.</summary>
    public string? By { get; init; }
}

/// <summary>Every stage is done.</summary>
public sealed record RunSucceeded : JournalEvent;

/// <summary>Nothing can go on: stages failed, and the others are done or need one that failed.</summary>
public sealed record RunFailed : JournalEvent
{
    /// <summary>Instances that failed, in the order of the pipeline.</summary>
    public required IReadOnlyList<string> Failed { get; init; }
}

/// <summary>The run was cancelled and all its jobs are gone.</summary>
public sealed record RunCancelled : JournalEvent;
