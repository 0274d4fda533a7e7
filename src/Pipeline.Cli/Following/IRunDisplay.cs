using Pipeline.Engine.Runs;

namespace Pipeline.Cli.Following;

/// <summary>Shows a run to the person who waits for it.</summary>
internal interface IRunDisplay
{
    /// <summary>What had happened before one began to look.</summary>
    void Began(IReadOnlyList<JournalEvent> past) { }

    /// <summary>Something happened; <paramref name="state"/> knows it already.</summary>
    void Happened(JournalEvent fact, RunState state);

    /// <summary>Called every now and then, also when nothing happened.</summary>
    void Tick(RunState state);

    /// <summary>Shows the run while <paramref name="following"/> goes on.</summary>
    Task While(Task following, Func<RunState> state);
}
