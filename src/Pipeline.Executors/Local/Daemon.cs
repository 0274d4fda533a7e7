namespace Pipeline.Executors.Local;

/// <summary>Processes that outlive the command that starts them.</summary>
public static class Daemon
{
    /// <summary>
    /// What a script has open beside the standard streams (a lock, as <c>flock FILE pipeline run</c> has) ends with this
    /// process and is not handed on to jobs, which would hold it for hours.
    /// </summary>
    public static void InheritNothing() => Posix.CloseAllInChildren();

    /// <summary>Leaves the terminal and its session; what is printed from here on goes to the end of <paramref name="log"/>.</summary>
    public static void Become(string log)
    {
        Posix.BecomeSessionLeader();
        Posix.RedirectStandardStreams(log, log);
    }
}
