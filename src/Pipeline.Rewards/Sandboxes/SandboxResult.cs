namespace Pipeline.Rewards.Sandboxes;

/// <summary>How a program in a <see cref="Sandbox"/> ended.</summary>
/// <param name="End">Why.</param>
/// <param name="ExitCode">Its exit code; 128 + the signal that ended it. Means nothing unless it ended by itself.</param>
/// <param name="Output">What it wrote to standard output, up to the limit.</param>
/// <param name="Errors">The beginning of what it wrote to standard error.</param>
public sealed record SandboxResult(SandboxEnd End, int ExitCode, string Output, string Errors);

/// <summary>Why a program in a sandbox ended.</summary>
public enum SandboxEnd
{
    /// <summary>By itself, or by a limit that the kernel keeps: memory, processor time. See the exit code.</summary>
    Exited,

    /// <summary>It took too long and was killed, with all it had started.</summary>
    TimedOut,

    /// <summary>It wrote too much and was killed, with all it had started.</summary>
    TooMuchOutput,
}
