using System.Text.Json.Nodes;

namespace Pipeline.Engine.Runs;

/// <summary>One line about a run: what a list of runs shows.</summary>
/// <param name="Run">The run's id.</param>
/// <param name="Pipeline">Name of its pipeline.</param>
/// <param name="Phase">Where it stands.</param>
/// <param name="Submitted">When it was submitted.</param>
/// <param name="Ended">When it ended; null while it goes on.</param>
/// <param name="Sequence">Number of events in its journal.</param>
public sealed record RunSummary(
    string Run, string Pipeline, RunPhase Phase, DateTimeOffset Submitted, DateTimeOffset? Ended, long Sequence)
{
    /// <summary>The summary after one more event; <paramref name="summary"/> is null before the first.</summary>
    public static RunSummary Apply(RunSummary? summary, JournalEvent fact)
    {
        if (summary is null)
        {
            return fact is RunSubmitted submitted
                ? new RunSummary(fact.Run, submitted.Pipeline.Name, RunPhase.Running, fact.Time, null, fact.Sequence)
                : throw new EngineException(EngineErrors.JournalDamaged, $"Run {fact.Run} begins with {fact.GetType().Name}.");
        }
        var next = summary with { Sequence = fact.Sequence };
        return (summary.Phase, fact) switch
        {
            (RunPhase.Failed or RunPhase.Cancelled, RunResumed) => next with { Phase = RunPhase.Running, Ended = null },
            (RunPhase.Succeeded, RunResumed { From.Count: > 0 }) => next with { Phase = RunPhase.Running, Ended = null },
            (not (RunPhase.Running or RunPhase.Cancelling), _) => next,
            (_, RunCancelRequested) => next with { Phase = RunPhase.Cancelling },
            (_, RunSucceeded) => next with { Phase = RunPhase.Succeeded, Ended = fact.Time },
            (_, RunFailed) => next with { Phase = RunPhase.Failed, Ended = fact.Time },
            (_, RunCancelled) => next with { Phase = RunPhase.Cancelled, Ended = fact.Time },
            _ => next,
        };
    }
}

/// <summary>One line about an attempt: what the cache and the search for checkpoints look through.</summary>
/// <param name="Run">The run's id.</param>
/// <param name="Pipeline">Name of its pipeline.</param>
/// <param name="Instance">The stage instance.</param>
/// <param name="Attempt">Number of the attempt.</param>
/// <param name="Fingerprint">Its fingerprint.</param>
/// <param name="Parts">What went into the fingerprint.</param>
/// <param name="Alive">Whether it has not ended.</param>
/// <param name="Intended">When it began.</param>
public sealed record AttemptSummary(
    string Run,
    string Pipeline,
    string Instance,
    int Attempt,
    string Fingerprint,
    JsonObject Parts,
    bool Alive,
    DateTimeOffset Intended);
