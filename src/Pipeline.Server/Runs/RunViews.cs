using Pipeline.Engine.Attempts;
using Pipeline.Engine.Ports;
using Pipeline.Engine.Runs;
using Pipeline.Server.Control;
using Pipeline.Server.Graphs;

namespace Pipeline.Server.Runs;

/// <summary>Shows runs: what the journal says, and of stages at work what their heartbeats say.</summary>
internal sealed class RunViews(StateFiles files, TimeProvider time, IRunControl? control = null)
{
    private const string Accuracy = "eval/pass@1";
    private readonly DiskRunFiles _disk = new();

    /// <summary>The run as a line of the list.</summary>
    public RunLine Line(RunHistory history)
    {
        var state = history.State;
        StageMark[] marks = [.. state.Stages.Select(stage => new StageMark(
            stage.Instance, stage.Phase, IsQueued(stage), Progress(state.Run, stage)))];
        return new RunLine(
            state.Run,
            state.Pipeline.Name,
            state.Phase,
            state.Submitted,
            state.Ended,
            ((state.Ended ?? time.GetUtcNow()) - state.Submitted).TotalSeconds,
            marks.Length == 0 ? 1 : state.Stages.Zip(marks, (stage, mark) => stage.Done ? 1 : mark.Progress?.Share ?? 0).Average(),
            marks,
            Key(state),
            history.Alarms.Count,
            state.Pinned);
    }

    /// <summary>The run as its page shows it.</summary>
    public RunDetail Detail(RunHistory history)
    {
        var state = history.State;
        return new RunDetail(
            Line(history),
            state.Pipeline.Description,
            state.Pipeline.Params,
            state.Pipeline.Overrides,
            state.Sequence,
            [.. state.Stages.Select(stage => Stage(history, stage))],
            StageGraph.Of(state.Pipeline),
            Alarms(history),
            state.Over ? null : EngineWatch.IsAtWork(files.State),
            control is not null);
    }

    /// <summary>Alarms and early stops, newest first.</summary>
    public static IReadOnlyList<AlarmView> Alarms(RunHistory history) => [.. history.Alarms.Reverse().Select(alarm => new AlarmView(
        alarm.Time, alarm.Instance, alarm.Attempt, alarm.Step, alarm.Kind, alarm.Code, alarm.Message))];

    /// <summary>How far a stage is; null unless it is at work and said so.</summary>
    public StageProgress? Progress(string run, StageState stage)
    {
        if (stage is not { Phase: StagePhase.Active, Last.Number: var attempt }) return null;
        var folder = files.State.Attempt(new AttemptKey(run, stage.Instance, attempt));
        return _disk.Heartbeat(folder) is { } seen
            ? new(seen.Heartbeat.Step, seen.Heartbeat.Total, seen.Heartbeat.Phase, seen.Heartbeat.EtaSeconds,
                Math.Max(0, (time.GetUtcNow() - seen.Written).TotalSeconds))
            : null;
    }

    /// <summary>A stage as the page of its run shows it.</summary>
    public StageDetail Stage(RunHistory history, StageState stage)
    {
        var success = history.Successes.GetValueOrDefault(stage.Instance);
        return new StageDetail
        {
            Instance = stage.Instance,
            Uses = stage.Stage.Uses,
            State = stage.Phase,
            Queued = IsQueued(stage),
            Needs = stage.Stage.Needs,
            Progress = Progress(history.State.Run, stage),
            Attempts = [.. stage.Attempts.Select(attempt => Attempt(attempt, success))],
            Seconds = stage.Attempts.IsEmpty ? null : stage.Attempts.Sum(SecondsAtWork),
            Tokens = success?.Tokens,
            Metrics = stage.Metrics,
            Outputs = [.. stage.Outputs.Select(output => new OutputView(
                output.Key, output.Value.Kind, output.Value.Digest, output.Value.Rows, output.Value.Parameters))],
            Warnings = success?.Warnings ?? [],
            Reason = Reason(stage),
            CacheMiss = stage.Last?.Intent.CacheMiss,
            Started = stage.Cached is not null || !stage.Attempts.IsEmpty,
        };
    }

    private static bool IsQueued(StageState stage) => stage is { Phase: StagePhase.Active, Last.Phase: AttemptPhase.Intended };

    private static string? Reason(StageState stage) => stage switch
    {
        { Reason: { } reason } => reason,
        { Cached: { } cached } => $"Taken from run {cached.SourceRun}: nothing that determines it has changed.",
        { Phase: StagePhase.Failed or StagePhase.Retrying, Last.Failure: { } failure } => failure.Message,
        _ => null,
    };

    private static AttemptView Attempt(AttemptState attempt, AttemptSucceeded? success) => new(
        attempt.Number, attempt.Phase, attempt.Started, attempt.Ended, attempt.Intent.ResumeStep, attempt.Checkpoint?.Step,
        attempt.Failure?.Class, attempt.Failure?.Message ?? attempt.Intent.Note,
        attempt.Failure?.Exit ?? (success?.Attempt == attempt.Number ? success.Exit : null));

    private double SecondsAtWork(AttemptState attempt) => attempt.Started is { } started
        ? Math.Max(0, ((attempt.Ended ?? time.GetUtcNow()) - started).TotalSeconds)
        : 0;

    // A stage that trains measures itself on few prompts, so its own number counts only while there is no evaluation.
    private static KeyMetric? Key(RunState state) => state.Stages
        .Where(stage => stage.Metrics.ContainsKey(Accuracy))
        .OrderByDescending(stage => stage.Stage.Uses == "evaluation")
        .ThenByDescending(stage => stage.Metrics[Accuracy])
        .Select(stage => new KeyMetric((string?)stage.Stage.Options["name"] ?? stage.Instance, "pass@1", stage.Metrics[Accuracy]))
        .FirstOrDefault();
}
