using Pipeline.Engine;
using Pipeline.Engine.Attempts;
using Pipeline.Engine.Caching;
using Pipeline.Engine.Planning;
using Pipeline.Engine.Ports;
using Pipeline.Engine.Runs;
using Pipeline.Protocol.Stages;
using Pipeline.Spec.Fingerprints;
using Pipeline.Spec.Resolved;

namespace Pipeline.Cli.Hosting;

/// <summary>Foresees a run: the stages in order, each as cached as those before it allow.</summary>
internal static class RunPlan
{
    /// <summary>The plan for a state folder that has never seen a run.</summary>
    public static IReadOnlyList<PlannedStage> WithoutCache(ResolvedPipeline pipeline) =>
        [.. pipeline.Stages.Select(stage => Planned(stage, PlannedAction.Run, "never executed before"))];

    /// <summary>The plan against what earlier runs have made.</summary>
    public static async Task<IReadOnlyList<PlannedStage>> Of(ResolvedPipeline pipeline, IRunStore store)
    {
        var files = new DiskRunFiles();
        const string run = "plan"; // of a run that will never be; only stages that cannot be cached have it in their fingerprint
        var state = RunState.Fold([new RunSubmitted { Run = run, Sequence = 1, Pipeline = pipeline, Program = new([], "") }]);
        var plan = new List<PlannedStage>();
        foreach (var spec in pipeline.Stages)
        {
            var (planned, facts) = await Foresee(state, state.Stage(spec.Instance), store, files);
            plan.Add(planned);
            foreach (var fact in facts) state = state.Apply(fact with { Run = run, Sequence = state.Sequence + 1 });
        }
        return plan;
    }

    /// <summary>What becomes of a stage, and the events that will tell so, as far as they can be told before anything runs.</summary>
    private static async Task<(PlannedStage, IEnumerable<StageFact>)> Foresee(RunState state, StageState stage, IRunStore store, IRunFiles files)
    {
        var spec = stage.Stage;
        if (stage.Phase == StagePhase.Blocked) return (Planned(spec, PlannedAction.Blocked, stage.Reason!), []);
        if (SkipRule.Reason(state, stage) is { } reason)
            return (Planned(spec, PlannedAction.Skip, reason), [new StageSkipped { Stage = spec.Id, Instance = spec.Instance, Reason = reason }]);
        if (spec.Needs.FirstOrDefault(need => !state.Stage(need).Done) is { } need) return (Planned(spec, PlannedAction.Run, $"{need} runs before it"), []);
        if (!Fingerprint.IsCacheable(spec)) return (Planned(spec, PlannedAction.Run, "a command that does not say which `code` it runs is never cached"), []);
        StageFingerprint fingerprint;
        try
        {
            SkipRule.Check(state, stage);
            fingerprint = StageFingerprint.Of(spec, StageInputs.Resolve(state, stage, files), state.Run);
        }
        catch (EngineException error) { return (Planned(spec, PlannedAction.Blocked, error.Message), []); }

        var lookup = await CacheLookup.Of(store, files, state.Pipeline.Name, stage.Instance, fingerprint);
        if (lookup.Hit is not { } hit) return (Planned(spec, PlannedAction.Run, lookup.Miss!), []);
        var cached = new StageCached
        {
            Stage = spec.Id, Instance = spec.Instance, Fingerprint = fingerprint.Hash, SourceRun = hit.Run,
            SourceInstance = hit.Instance, SourceAttempt = hit.Attempt, Outputs = hit.Outputs, Metrics = hit.Metrics,
        };
        return (Planned(spec, PlannedAction.Cached, $"made by run {hit.Run}"), [cached, .. GateRule.Of(spec, hit.Metrics)]);
    }

    private static PlannedStage Planned(ResolvedStage stage, PlannedAction action, string why) =>
        new(stage.Instance, stage.Uses, action, action == PlannedAction.Run && stage.Uses is StageKinds.FetchModel or StageKinds.FetchDataset
            ? $"{why}; fetches {stage.Options["repository"]}, commit {stage.Options["revision"]}" : why, stage.Needs);
}

/// <summary>One stage of a plan.</summary>
/// <param name="Id">Its id, with matrix values.</param>
/// <param name="Uses">Its kind.</param>
/// <param name="Action">What would happen.</param>
/// <param name="Why">Why.</param>
/// <param name="Needs">The stages that it needs.</param>
internal sealed record PlannedStage(string Id, string Uses, PlannedAction Action, string Why, IReadOnlyList<string> Needs);

/// <summary>What a run would do with a stage.</summary>
internal enum PlannedAction
{
    /// <summary>It is executed.</summary>
    Run,

    /// <summary>Outputs of an earlier run are taken.</summary>
    Cached,

    /// <summary>It is left out.</summary>
    Skip,

    /// <summary>It cannot be executed as things are.</summary>
    Blocked,
}
