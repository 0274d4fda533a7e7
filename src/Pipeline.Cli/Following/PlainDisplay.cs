using Pipeline.Engine.Runs;

namespace Pipeline.Cli.Following;

/// <summary>For pipes and logs: one line a change, and now and then one about progress.</summary>
internal sealed class PlainDisplay(TextWriter output, StageProgress progress, TimeProvider time) : IRunDisplay
{
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(10);
    private readonly HashSet<string> _waiting = []; // tokens of attempts; a line each, not one every ten seconds
    private DateTimeOffset _nextProgress = time.GetUtcNow() + ProgressInterval;

    /// <inheritdoc/>
    public void Happened(JournalEvent fact, RunState state)
    {
        if (fact is CheckpointRecorded || EventText.Of(fact, state) is not { } text) return;
        Line(fact.Time, text);
    }

    /// <inheritdoc/>
    public void Tick(RunState state)
    {
        if (time.GetUtcNow() < _nextProgress) return;
        _nextProgress = time.GetUtcNow() + ProgressInterval;
        foreach (var stage in state.Stages)
            if (stage is { Phase: StagePhase.Active, Last: { Phase: AttemptPhase.Intended } attempt })
            {
                if (_waiting.Add(attempt.Token)) Line(time.GetUtcNow(), $"{stage.Instance}: {progress.Waiting(stage)}");
            }
            else if (progress.Of(state, stage) is { } heartbeat)
                Line(time.GetUtcNow(), $"{stage.Instance}: {ProgressText.Of(heartbeat, progress.Rate(stage, heartbeat))}");
    }

    /// <inheritdoc/>
    public Task While(Task following, Func<RunState> state) => following;

    private void Line(DateTimeOffset at, string text) => output.WriteLine($"{at.ToLocalTime():HH:mm:ss} {text}");
}
