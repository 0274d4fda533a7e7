using Pipeline.Engine.Runs;
using Pipeline.Protocol.Artifacts;
using Pipeline.Rewards.Statistics;

namespace Pipeline.Reports;

/// <summary>What a run found: how good each model is, how well the reward models judge, what each stage took.</summary>
/// <remarks>
/// Of a run that failed or goes on it holds what there is so far. Text that a stage wrote has no control characters
/// any more; markup in it is the writers' business.
/// </remarks>
public sealed record Report
{
    /// <summary>The run's id.</summary>
    public required string Run { get; init; }

    /// <summary>The pipeline's name.</summary>
    public required string Pipeline { get; init; }

    /// <summary>What the pipeline is for; null if its file does not say.</summary>
    public string? Description { get; init; }

    /// <summary>Where the run stands.</summary>
    public required RunPhase State { get; init; }

    /// <summary>When it was submitted, UTC.</summary>
    public required DateTimeOffset Submitted { get; init; }

    /// <summary>When it ended, UTC; null while it goes on.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>The parameters as <c>name = value</c>.</summary>
    public IReadOnlyList<string> Params { get; init; } = [];

    /// <summary>What was chosen on the command line.</summary>
    public IReadOnlyList<string> Overrides { get; init; } = [];

    /// <summary>One row per evaluated model, in the order of the pipeline.</summary>
    public IReadOnlyList<EvaluationReport> Models { get; init; } = [];

    /// <summary>Each model against the one that was evaluated before it, prompt by prompt: what the stages between them brought.</summary>
    public IReadOnlyList<ModelComparison> Comparisons { get; init; } = [];

    /// <summary>What the pipeline was to show, and whether it did.</summary>
    public IReadOnlyList<ClaimResult> Claims { get; init; } = [];

    /// <summary>One row per reward model, in the order of the pipeline.</summary>
    public IReadOnlyList<RewardModelRow> RewardModels { get; init; } = [];

    /// <summary>What became of sampled completions, one per rejection sampling, in the order of the pipeline.</summary>
    public IReadOnlyList<StageFunnel> Funnels { get; init; } = [];

    /// <summary>One row per stage, in the order of the pipeline.</summary>
    public IReadOnlyList<StageRow> Stages { get; init; } = [];

    /// <summary>How reward and length went in each stage of reinforcement learning.</summary>
    public IReadOnlyList<LearningCurve> Curves { get; init; } = [];

    /// <summary>Why stages failed and what is missing, for a person.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary>Two models on the prompts that both were evaluated on.</summary>
/// <param name="Model">The later one.</param>
/// <param name="Against">The one before it.</param>
/// <param name="Comparison">The later less the earlier.</param>
public sealed record ModelComparison(string Model, string Against, PairedComparison Comparison)
{
    /// <summary>Neighbours in a list of models; those without prompts in common are left out.</summary>
    internal static IReadOnlyList<ModelComparison> OfNeighbours(IReadOnlyList<EvaluationReport> models) =>
        [.. models.Skip(1).Zip(models, (later, earlier) => Of(later, earlier)).OfType<ModelComparison>()];

    private static ModelComparison? Of(EvaluationReport later, EvaluationReport earlier)
    {
        var pairs = PairedComparison.Pair(later.ProblemIds.Zip(later.PerPrompt), earlier.ProblemIds.Zip(earlier.PerPrompt));
        return pairs.Count == 0 ? null
            : new(later.Name, earlier.Name, PairedComparison.Of([.. pairs.Select(pair => pair.First)], [.. pairs.Select(pair => pair.Second)]));
    }
}

/// <summary>How often a reward model puts held-out answers in the right order.</summary>
/// <param name="Stage">The stage that trained it.</param>
/// <param name="N">Held-out pairs, or labelled answers; null if the stage did not say.</param>
/// <param name="Accuracy">Share that it gets right.</param>
public sealed record RewardModelRow(string Stage, long? N, Estimate Accuracy);

/// <summary>What a rejection sampling kept and why it dropped the rest.</summary>
/// <param name="Stage">Its id with matrix values.</param>
/// <param name="Funnel">Its filters; the texts have no control characters any more.</param>
public sealed record StageFunnel(string Stage, FunnelReport Funnel);

/// <summary>What a stage took.</summary>
/// <param name="Stage">Its id with matrix values.</param>
/// <param name="Uses">Its kind.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Attempts">Attempts in this run.</param>
/// <param name="Seconds">
/// Seconds of work over all attempts. Of a stage taken from the cache: of the run that did the work. Null if unknown.
/// </param>
/// <param name="Tokens">Tokens trained on or sampled, counted in the same way.</param>
public sealed record StageRow(
    string Stage, string Uses, StagePhase State, int Attempts, double? Seconds, long? Tokens);

/// <summary>How a stage of reinforcement learning went, by step.</summary>
/// <param name="Stage">Its id with matrix values.</param>
public sealed record LearningCurve(string Stage)
{
    /// <summary>What its model is called where it was evaluated; the stage where it was not, or more than once.</summary>
    public string Model { get; init; } = Stage;

    /// <summary>Mean reward of a completion.</summary>
    public IReadOnlyList<CurvePoint> Reward { get; init; } = [];

    /// <summary>Mean length of a completion, in tokens.</summary>
    public IReadOnlyList<CurvePoint> Length { get; init; } = [];

    /// <summary>Share of completions with a word of reflection; empty for a stage of a version that did not count them.</summary>
    public IReadOnlyList<CurvePoint> Reflection { get; init; } = [];

    /// <summary>pass@1 on held-out prompts while training, if the stage measured it.</summary>
    public IReadOnlyList<CurvePoint> PassAt1 { get; init; } = [];
}

/// <summary>A value at a step.</summary>
public readonly record struct CurvePoint(long Step, double Value);
