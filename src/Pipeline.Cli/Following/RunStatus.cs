using System.Text.Json.Serialization;
using Pipeline.Engine.Runs;
using Pipeline.Protocol.Jobs;

namespace Pipeline.Cli.Following;

/// <summary><c>status --json</c>.</summary>
/// <param name="Run">The run's id.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Stages">Its stages, in the order of the pipeline.</param>
/// <param name="Notifications">What its webhooks are owed or were told.</param>
internal sealed record RunStatus(string Run, RunPhase State, IReadOnlyList<StageStatus> Stages, IReadOnlyList<NoticeStatus> Notifications)
{
    public static RunStatus Of(RunState run, StageProgress progress) => new(run.Run, run.Phase,
    [
        .. run.Stages.Select(stage => new StageStatus(
            stage.Instance, stage.Stage.Uses, stage.Phase, stage.Attempts.Count, progress.Of(run, stage),
            stage.Reason ?? (stage.Phase is StagePhase.Failed or StagePhase.Retrying ? stage.Last?.Failure?.Message : null))),
    ],
    [
        .. run.Notices.Select(notice => new NoticeStatus(
            Notice.Word(notice.About)!, notice.To + 1, notice.Phase, notice.Attempts, notice.Phase == NoticePhase.Waiting ? notice.Due : null, notice.Trouble)),
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

/// <summary>One notification of <see cref="RunStatus"/>.</summary>
/// <param name="Event">What is told, in the word of <c>notify</c>.</param>
/// <param name="Webhook">Its place under <c>notify</c>, from 1.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="Due">When it is tried next; left out if it is not.</param>
/// <param name="Message">Why the last try failed; left out if none did.</param>
internal sealed record NoticeStatus(string Event, int Webhook, NoticePhase State, int Attempts, DateTimeOffset? Due = null, string? Message = null);
