using Pipeline.Engine.Runs;
using Pipeline.Protocol.Jobs;

namespace Pipeline.Cli.Following;

/// <summary>What live attempts say of themselves between events. Asked at every frame, so it answers at once.</summary>
internal interface ILiveFacts
{
    /// <summary>The newest heartbeat of a stage's live attempt; null if it has none.</summary>
    Heartbeat? Heartbeat(RunState run, StageState stage);

    /// <summary>What a job of this machine waits for, in words; null if that is not known here.</summary>
    string? Waiting(StageState stage);

    /// <summary>The newest rewards of a stage's live attempt, oldest first; none where it does not learn by reinforcement.</summary>
    IReadOnlyList<double> Rewards(RunState run, StageState stage);
}
