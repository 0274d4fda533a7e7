using Pipeline.Protocol.Jobs;
using Pipeline.Protocol.Stages;
using Pipeline.Spec.Resolved;

namespace Pipeline.Cli.Verifying;

/// <summary>The part of a pipeline that it takes to try one stage for a few steps.</summary>
internal static class ShortRun
{
    /// <summary>The stage, ended after some steps and saved after each, and the stages that it needs.</summary>
    /// <param name="pipeline">The whole.</param>
    /// <param name="stage">The stage's id, or that of an instance.</param>
    /// <param name="steps">Optimizer steps.</param>
    /// <exception cref="CliException">There is no such stage, or it does not train.</exception>
    public static (ResolvedPipeline Pipeline, ResolvedStage Stage) Of(ResolvedPipeline pipeline, string stage, int steps)
    {
        var found = pipeline.Stages.FirstOrDefault(one => one.Instance == stage) ?? pipeline.Stages.FirstOrDefault(one => one.Id == stage)
            ?? throw new CliException("STAGE_UNKNOWN",
                $"{pipeline.Name} has no stage '{stage}'; it has {string.Join(", ", pipeline.Stages.Select(one => one.Instance))}.", ExitCode.NotFound);
        if (StageKinds.Find(found.Uses) is not { Trains: true })
            throw new CliException("STAGE_DOES_NOT_TRAIN",
                $"{found.Instance} is {found.Uses}, which has no optimizer steps; resume is verified of {string.Join(", ", StageKinds.All.Where(kind => kind.Trains).Select(kind => kind.Name))}.",
                ExitCode.Usage);

        var tried = found with
        {
            // Every step tells its tokens, so this holds at each.
            StopWhen = [new StopCondition { Metric = "num_tokens", Op = Comparison.GreaterOrEqual, Value = 0, ForSteps = steps }],
            Checkpoints = new CheckpointPolicy(EverySteps: 1, KeepLast: 2),
            Gates = [], Approval = null,
        };
        var needed = new HashSet<string> { found.Instance };
        foreach (var one in pipeline.Stages.Reverse()) // each comes after those it needs
            if (needed.Contains(one.Instance)) needed.UnionWith([.. one.Needs, .. one.Inputs.Values.SelectMany(input => input.Makers)]);
        return (pipeline with
        {
            Name = pipeline.Name + "-verify-resume", Notify = [],
            Stages = [.. pipeline.Stages.Where(one => needed.Contains(one.Instance)).Select(one => one.Instance == found.Instance ? tried : one)],
        }, tried);
    }
}
