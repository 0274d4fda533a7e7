using Pipeline.Engine.Attempts;
using Pipeline.Engine.Checkpoints;
using Pipeline.Engine.Planning;
using Pipeline.Engine.Runs;
using Pipeline.Server.Runs;
using Pipeline.Spec.Resolved;

namespace Pipeline.Server.Stages;

/// <summary>Shows single stages.</summary>
internal sealed class StagePages(RunCatalog runs, RunViews views, StateFiles files)
{
    private readonly DiskRunFiles _disk = new();

    /// <summary>The stage as its page shows it.</summary>
    /// <exception cref="Engine.EngineException">There is no such run.</exception>
    /// <exception cref="ServerException">The run has no such stage.</exception>
    public async Task<StagePage> Of(string run, string instance)
    {
        var history = await runs.Find(run);
        var stage = StageAttempts.Stage(history.State, instance);
        var worker = stage.Cached is { } cached ? await runs.Find(cached.SourceRun) : history;
        var spec = stage.Stage;
        return new StagePage
        {
            Run = history.State.Run,
            Pipeline = history.State.Pipeline.Name,
            RunState = history.State.Phase,
            Sequence = history.State.Sequence,
            Siblings = views.Line(history).Stages,
            Stage = views.Stage(history, stage),
            Source = stage.Cached is { } source ? new SourceView(source.SourceRun, source.SourceInstance, source.SourceAttempt) : null,
            Alarms = [.. RunViews.Alarms(worker).Where(alarm => alarm.Instance == (stage.Cached?.SourceInstance ?? instance))],
            Checkpoints = Checkpoints(worker, stage.Cached?.SourceInstance ?? instance),
            Inputs = Inputs(worker.State, stage),
            KindVersion = spec.KindVersion,
            Options = spec.Options,
            Command = spec.Command,
            Seed = spec.Seed,
            Resources = spec.Resources,
            Retry = spec.Retry,
            StopWhen = spec.StopWhen,
        };
    }

    private List<CheckpointView> Checkpoints(RunHistory history, string instance)
    {
        var found = CheckpointRetention.Found(_disk, files.State, history.State.Run, history.State.Stage(instance));
        return
        [
        .. from checkpoint in history.Checkpoints.Reverse()
           where checkpoint.Instance == instance
           let there = found.FirstOrDefault(other => other.Attempt == checkpoint.Attempt && other.Folder.Step == checkpoint.Step)
           select new CheckpointView(checkpoint.Attempt, checkpoint.Step, checkpoint.Time, there is null ? null : files.SizeOf(there.Folder.Path), there?.Kept ?? []),
        ];
    }

    // Of the best of several instances, that is the one it turned out to be.
    private static string? MakerOf(RunState state, StageInput input) =>
        input.Best is { } best ? MatrixRule.Best(state, best)?.Instance ?? best.Instances[0] : input.Stage;

    private static List<InputView> Inputs(RunState worker, StageState stage)
    {
        var read = worker.ByInstance.GetValueOrDefault(stage.Cached?.SourceInstance ?? stage.Instance)?.Last?.Intent.Inputs;
        return
        [
            .. stage.Stage.Inputs.Select(input => new InputView(
                input.Key, input.Value.Kind, MakerOf(worker, input.Value), input.Value.Output, input.Value.Path, read?.GetValueOrDefault(input.Key)?.Digest)),
        ];
    }
}
