using Pipeline.Engine.Runs;

namespace Pipeline.Cli.Following;

/// <summary>For programs: the journal as it is, a line of JSON an event.</summary>
internal sealed class JournalDisplay(TextWriter output) : IRunDisplay
{
    /// <inheritdoc/>
    public void Began(IReadOnlyList<JournalEvent> past)
    {
        foreach (var fact in past) output.WriteLine(JournalJson.Write(fact));
    }

    /// <inheritdoc/>
    public void Happened(JournalEvent fact, RunState state) => output.WriteLine(JournalJson.Write(fact));

    /// <inheritdoc/>
    public void Tick(RunState state) { }

    /// <inheritdoc/>
    public Task While(Task following, Func<RunState> state) => following;
}
