namespace Pipeline.Stages.Hosting;

/// <summary>The stage cannot go on, though its configuration may be right: training diverged, a device is gone. Exit code 70.</summary>
/// <param name="code">One of <see cref="StageErrors"/>.</param>
/// <param name="message">What was found, where, and what to try.</param>
public sealed class StageException(string code, string message) : Exception(message)
{
    /// <summary>Stable, for documentation and tests; one of <see cref="StageErrors"/>.</summary>
    public string Code { get; } = code;
}
