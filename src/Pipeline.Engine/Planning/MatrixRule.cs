using Pipeline.Engine.Runs;
using Pipeline.Protocol.Jobs;
using Pipeline.Spec.Resolved;

namespace Pipeline.Engine.Planning;

/// <summary>What the instances of one stage mean to each other.</summary>
public static class MatrixRule
{
    /// <summary>Whether the stage's turn has come: those at work, and those before it that could start, leave it a place.</summary>
    public static bool HasTurn(RunState state, StageState stage)
    {
        if (stage.Stage.Matrix?.MaxParallel is not { } most) return true;
        var instances = InstancesOf(state, stage.Stage.Id);
        return instances.Count(HoldsAPlace) + instances.TakeWhile(other => other.Instance != stage.Instance).Count(IsReady) < most;

        bool IsReady(StageState other) => other.Phase == StagePhase.Pending && state.NeedsAreDone(other)
            && SkipRule.Reason(state, other) is null && (other.Stage.Approval is null || other.Approved);
    }

    /// <summary>Whether the stage is to end, after a checkpoint, because another instance has failed.</summary>
    public static bool MustStop(RunState state, StageState stage) =>
        stage.Stage.Matrix is { FailFast: true }
        && InstancesOf(state, stage.Stage.Id).Any(other => other.Phase == StagePhase.Failed);

    /// <summary>The instance whose metric is the best; null if none was reported. All that count are done.</summary>
    public static StageState? Best(RunState state, BestOf best)
    {
        var measured = best.Instances.Select(state.Stage)
            .Where(stage => stage.Done && stage.Metrics.TryGetValue(best.Metric, out var value) && !double.IsNaN(value));
        return best.Mode == BestMode.Max
            ? measured.MaxBy(stage => stage.Metrics[best.Metric])
            : measured.MinBy(stage => stage.Metrics[best.Metric]);
    }

    // One that failed and waits for its time keeps its place: what it does not use would be taken from it.
    private static bool HoldsAPlace(StageState stage) => stage.Phase is StagePhase.Active or StagePhase.Retrying;

    private static IReadOnlyList<StageState> InstancesOf(RunState state, string id) => [.. state.Stages.Where(stage => stage.Stage.Id == id)];
}
