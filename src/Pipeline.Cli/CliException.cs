namespace Pipeline.Cli;

/// <summary>An error that ends the command.</summary>
/// <param name="code">Stable code.</param>
/// <param name="message">What was found, where, what to try.</param>
/// <param name="exitCode">One of <see cref="ExitCode"/>.</param>
internal sealed class CliException(string code, string message, int exitCode) : Exception(message)
{
    public string Code { get; } = code;
    public int ExitCode { get; } = exitCode;
}
