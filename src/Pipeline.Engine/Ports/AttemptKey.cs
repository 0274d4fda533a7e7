using Pipeline.Protocol.Jobs;

namespace Pipeline.Engine.Ports;

/// <summary>Names one attempt for all time.</summary>
/// <param name="Run">The run's id.</param>
/// <param name="Instance">The stage instance.</param>
/// <param name="Attempt">Number of the attempt, from 1.</param>
public readonly record struct AttemptKey(string Run, string Instance, int Attempt)
{
    /// <summary>Name of its job at the executor: the same whoever computes it, so that submitting is idempotent.</summary>
    public string Job => $"{Run}.{AttemptFolder.NameOf(Instance)}.{Attempt}";

    /// <inheritdoc/>
    public override string ToString() => Job;
}
