namespace Pipeline.Stages.Hosting;

/// <summary>The job file, an option or an input is wrong; starting again with the same job ends the same way. Exit code 78.</summary>
/// <param name="code">One of <see cref="StageErrors"/>.</param>
/// <param name="message">What was found, where, and what to try.</param>
public sealed class ConfigException(string code, string message) : Exception(message)
{
    /// <summary>Stable, for documentation and tests; one of <see cref="StageErrors"/>.</summary>
    public string Code { get; } = code;
}
