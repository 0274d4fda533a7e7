namespace Pipeline.Cli;

/// <summary>The exit codes of <c>pipeline</c>; the README beside this file lists them for users.</summary>
internal static class ExitCode
{
    /// <summary>Done, or the run succeeded.</summary>
    public const int Done = 0;

    /// <summary>The run failed, an artifact is not what it was, or rows were left out or are not what they should be.</summary>
    public const int Failed = 1;

    /// <summary>The command line or the pipeline file is wrong.</summary>
    public const int Usage = 2;

    /// <summary>The run was cancelled.</summary>
    public const int Cancelled = 3;

    /// <summary>There is no such run, stage or file.</summary>
    public const int NotFound = 4;

    /// <summary>The state folder cannot be used, or is not ours.</summary>
    public const int StateFolder = 5;

    /// <summary>Something is missing on this machine.</summary>
    public const int Machine = 6;

    /// <summary>The server does not answer, or refuses the token.</summary>
    public const int Server = 7;

    /// <summary>An error of this program (EX_SOFTWARE).</summary>
    public const int Internal = 70;

    /// <summary>Ctrl-C: detached, the run goes on (128 + SIGINT).</summary>
    public const int Detached = 130;
}
