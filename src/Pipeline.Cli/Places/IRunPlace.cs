using Pipeline.Cli.Following;
using Pipeline.Engine;
using Pipeline.Engine.Ports;
using Pipeline.Engine.Runs;

namespace Pipeline.Cli.Places;

/// <summary>
/// Where runs are looked at and asked of: a state folder of this machine, or a server. Both give the journal, so that what
/// a command prints is made by the same lines from the same facts.
/// </summary>
internal interface IRunPlace : IDisposable
{
    /// <summary>Where to look further at a run: its folder, or its page.</summary>
    string Whereabouts(string run);

    /// <summary>Whether somebody moves an unfinished run on, in a line; null where that cannot be told.</summary>
    string? EngineAtWork(string run);

    /// <summary>What live attempts say of themselves between events.</summary>
    ILiveFacts Live { get; }

    /// <summary>The run that a person's word means: <c>latest</c>, an id, or a part of one.</summary>
    /// <exception cref="EngineException">It means no run, or several.</exception>
    Task<RunState> Run(string word);

    /// <summary>The events of a run as they come, from the one after <paramref name="after"/>, until the run is over.</summary>
    IAsyncEnumerable<JournalEvent> Follow(string run, long after, CancellationToken cancellation);

    /// <summary>Says yes or no to a stage that waits for it.</summary>
    /// <exception cref="EngineException">There is no such stage, or it does not wait.</exception>
    Task Answer(string run, string instance, bool approved, string? reason);

    /// <summary>Prints what was added to a log of an attempt since <paramref name="offset"/>, safe for a terminal.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="ofErrors">Its standard error, in place of its standard output.</param>
    /// <param name="offset">Where to begin, in bytes.</param>
    /// <param name="ended">Whether nobody writes to it any more.</param>
    /// <param name="target">Where it is printed.</param>
    /// <returns>The new offset.</returns>
    Task<long> CopyLog(AttemptKey attempt, bool ofErrors, long offset, bool ended, TextWriter target);
}
