namespace Pipeline.Executors.Local;

/// <summary>A process without a terminal.</summary>
public static class Daemon
{
    /// <summary>Leaves the terminal and its session; what is printed from here on goes to the end of <paramref name="log"/>.</summary>
    public static void Become(string log)
    {
        Posix.BecomeSessionLeader();
        Posix.RedirectStandardStreams(log, log);
    }
}
