namespace Pipeline.Engine.Runs;

/// <summary>Whether a run may be deleted; the same for every store.</summary>
public static class DeletionRule
{
    /// <summary>Throws unless it may.</summary>
    /// <param name="run">The id that was asked for.</param>
    /// <param name="summary">The run; null if there is none.</param>
    /// <param name="takers">Other runs that took outputs from it.</param>
    /// <exception cref="EngineException">It may not, and why.</exception>
    public static void Check(string run, RunSummary? summary, IReadOnlyList<string> takers)
    {
        if (summary is null) throw new EngineException(EngineErrors.RunUnknown, $"There is no run {run} here. `pipeline runs` lists them.");
        if (summary.Ended is null)
            throw new EngineException(EngineErrors.RunState, $"Run {run} is under way. `pipeline cancel {run}` ends it; then it can be deleted.");
        if (takers.Count > 0)
            throw new EngineException(
                EngineErrors.RunReferenced, $"{string.Join(", ", takers.Take(5))} took outputs of run {run}. Delete {(takers.Count == 1 ? "that" : "those")} first.");
    }
}
