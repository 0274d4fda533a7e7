using Pipeline.Engine.Runs;

namespace Pipeline.Engine.Ports;

/// <summary>
/// Keeps the journals of all runs, and tables derived from them that answer what a fold over everything would be too
/// slow for. Shared by processes: the engine, and every command that submits, cancels or looks.
/// </summary>
public interface IRunStore
{
    /// <summary>
    /// Appends events to a run's journal and brings the derived tables up to date: all of it or nothing, and on disk
    /// before the call returns. The events carry run and sequence numbers, from <paramref name="expectedSequence"/> + 1.
    /// </summary>
    /// <param name="run">The run's id.</param>
    /// <param name="expectedSequence">Sequence of the journal's last event as the caller knows it; 0 for a run that is new.</param>
    /// <param name="events">What to append; at least one.</param>
    /// <exception cref="SequenceConflictException">Somebody else appended first; nothing was written. Read on and decide again.</exception>
    /// <exception cref="StoreUnavailableException">Cannot be told whether it was written. Read on and decide again.</exception>
    /// <exception cref="SourceDeletedException">A <see cref="StageCached"/> takes from a run that is not there any more; nothing was written.</exception>
    /// <exception cref="EngineException">The journal cannot be written, such as <see cref="EngineErrors.DiskFull"/>; nothing was.</exception>
    Task Append(string run, long expectedSequence, IReadOnlyList<JournalEvent> events);

    /// <summary>The events of a run after that sequence number, in order; none if there is no such run.</summary>
    /// <param name="run">The run's id.</param>
    /// <param name="afterSequence">Sequence number of an event that is known; 0 for all.</param>
    /// <param name="limit">At most so many: the first of them.</param>
    Task<IReadOnlyList<JournalEvent>> Read(string run, long afterSequence = 0, int limit = int.MaxValue);

    /// <summary>What was appended by anybody after that position. Cheap: it is asked many times a second.</summary>
    /// <param name="afterPosition">A position from an earlier answer; 0 for all.</param>
    Task<JournalChanges> Changes(long afterPosition);

    /// <summary>Runs that have not ended, oldest first. Does not grow with the number of those that have.</summary>
    Task<IReadOnlyList<RunSummary>> Unfinished();

    /// <summary>The newest runs, newest first.</summary>
    /// <param name="limit">At most so many.</param>
    /// <param name="before">Only runs older than this one, to turn pages; null for the first page.</param>
    Task<IReadOnlyList<RunSummary>> Newest(int limit, string? before = null);

    /// <summary>The run of that id; null if there is none.</summary>
    Task<RunSummary?> Find(string run);

    /// <summary>Attempts that succeeded with that fingerprint, in any run, newest first.</summary>
    Task<IReadOnlyList<AttemptSucceeded>> Succeeded(string fingerprint);

    /// <summary>All attempts with that fingerprint, in any run, newest first.</summary>
    Task<IReadOnlyList<AttemptSummary>> AttemptsOf(string fingerprint);

    /// <summary>The newest attempts at a stage in runs of a pipeline, newest first: what a cache miss is compared with.</summary>
    Task<IReadOnlyList<AttemptSummary>> AttemptsAt(string pipeline, string instance, int limit);

    /// <summary>
    /// Takes runs out: their journals and everything derived from them, all or nothing. From then on nobody finds them or takes
    /// their outputs, and their ids are among <see cref="Deleted"/> until <see cref="Forget"/>: their files may still be there.
    /// </summary>
    /// <param name="runs">The runs; they may have taken outputs from each other.</param>
    /// <exception cref="EngineException"><see cref="EngineErrors.RunUnknown"/>; <see cref="EngineErrors.RunState"/> if one has not
    /// ended; <see cref="EngineErrors.RunReferenced"/> if runs beside them took outputs from one. Nothing was changed.</exception>
    Task Delete(IReadOnlyCollection<string> runs);

    /// <summary>Runs that were deleted and not forgotten.</summary>
    Task<IReadOnlyList<string>> Deleted();

    /// <summary>Forgets a deleted run: its files are gone.</summary>
    Task Forget(string run);
}

/// <summary>What changed in a store.</summary>
/// <param name="Position">Position of the newest event of all.</param>
/// <param name="Runs">Runs whose journals grew.</param>
public sealed record JournalChanges(long Position, IReadOnlyList<string> Runs);

/// <summary>Another writer was first: the journal is not where the caller thought.</summary>
/// <param name="run">The run.</param>
/// <param name="expected">The sequence the caller expected.</param>
/// <param name="actual">The sequence of the last event there.</param>
public sealed class SequenceConflictException(string run, long expected, long actual)
    : Exception($"The journal of run {run} is at event {actual}, not at {expected}.");

/// <summary>The run whose outputs were to be taken was deleted meanwhile. Look in the cache again.</summary>
/// <param name="source">The deleted run.</param>
public sealed class SourceDeletedException(string source) : Exception($"Run {source} was deleted.");

/// <summary>The store did not answer. It is unknown whether the events were written; reading on will tell.</summary>
/// <param name="message">What happened.</param>
/// <param name="inner">What was behind it.</param>
public sealed class StoreUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
