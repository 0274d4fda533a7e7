using System.Collections.Immutable;
using Pipeline.Engine.Planning;
using Pipeline.Engine.Ports;
using Pipeline.Spec.Resolved;

namespace Pipeline.Engine.Runs;

/// <summary>A run as its journal tells it: the fold over its events. Immutable.</summary>
public sealed partial record RunState
{
    /// <summary>The run's id.</summary>
    public required string Run { get; init; }

    /// <summary>What it executes.</summary>
    public required ResolvedPipeline Pipeline { get; init; }

    /// <summary>The program that performs its built-in stages.</summary>
    public required StageProgram Program { get; init; }

    /// <summary>The run that it was forked from; null for none.</summary>
    public string? ForkedFrom { get; init; }

    /// <summary>Whether nothing of it may be deleted.</summary>
    public bool Pinned { get; init; }

    /// <summary>Where it stands.</summary>
    public RunPhase Phase { get; init; } = RunPhase.Running;

    /// <summary>When it was submitted.</summary>
    public required DateTimeOffset Submitted { get; init; }

    /// <summary>When it ended; null while it goes on.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>What webhooks are owed, and what became of it, in the order of the events.</summary>
    public ImmutableList<Notice> Notices { get; init; } = [];

    /// <summary>Number of events folded in.</summary>
    public long Sequence { get; init; }

    /// <summary>The stages by instance.</summary>
    public required ImmutableDictionary<string, StageState> ByInstance { get; init; }

    /// <summary>The stages in the order of the pipeline, each after those it needs.</summary>
    public IEnumerable<StageState> Stages => Pipeline.Stages.Select(stage => ByInstance[stage.Instance]);

    /// <summary>The instances that need one of <paramref name="from"/>, directly or not, and those themselves.</summary>
    public static IReadOnlySet<string> Behind(ResolvedPipeline pipeline, IEnumerable<string> from)
    {
        var reached = from.ToHashSet();
        foreach (var stage in pipeline.Stages) // each after those it needs, so one pass reaches all
            if (stage.Needs.Any(reached.Contains)) reached.Add(stage.Instance);
        return reached;
    }

    /// <summary>Whether the run has ended; only a resume leads on from there.</summary>
    public bool Over => Phase is RunPhase.Succeeded or RunPhase.Failed or RunPhase.Cancelled;

    /// <summary>The stage of that instance.</summary>
    /// <exception cref="KeyNotFoundException">The run has none.</exception>
    public StageState Stage(string instance) => ByInstance[instance];

    /// <summary>The attempt of that key; null if it was never intended.</summary>
    public AttemptState? Attempt(AttemptKey key) => ByInstance.GetValueOrDefault(key.Instance)?.Attempt(key.Attempt);

    /// <summary>Whether nothing more of <paramref name="stage"/> is to be started, and what is at work is to end.</summary>
    public bool MustStop(StageState stage) => Phase == RunPhase.Cancelling || MatrixRule.MustStop(this, stage);

    /// <summary>Whether the stages that <paramref name="stage"/> needs are done.</summary>
    public bool NeedsAreDone(StageState stage) => stage.Stage.Needs.All(need => ByInstance[need].Done);
}
