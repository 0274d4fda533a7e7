using System.Text.Json.Serialization;
using Pipeline.Engine.Runs;
using Pipeline.Protocol.Jobs;

namespace Pipeline.Cli.Following;

/// <summary><c>status --json</c>.</summary>
/// <param name="Run">The run's id.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Stages">Its stages, in the order of the pipeline.</param>
internal sealed record RunStatus(string Run, RunPhase State, IReadOnlyList<StageStatus> Stages)
{
    public static RunStatus Of(RunState run, StageProgress progress) => new(run.Run, run.Phase,
    [
        .. run.Stages.Select(stage => new StageStatus(
            stage.Instance, stage.Stage.Uses, stage.Phase, stage.Attempts.Count, progress.Of(run, stage),
            stage.Reason ?? (stage.Phase is StagePhase.Failed or StagePhase.Retrying ? stage.Last?.Failure?.Message : null))),
    ]);
}

/// <summary>One stage of <see cref="RunStatus"/>.</summary>
/// <param name="Id">Its id, with matrix values.</param>
/// <param name="Uses">Its kind.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Attempts">How many attempts there were.</param>
/// <param name="Progress">How far its live attempt is; null if there is none.</param>
/// <param name="Message">What a person should know; left out if there is nothing.</param>
internal sealed record StageStatus(
    string Id,
    string Uses,
    StagePhase State,
    int Attempts,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] Heartbeat? Progress,
    string? Message = null);
