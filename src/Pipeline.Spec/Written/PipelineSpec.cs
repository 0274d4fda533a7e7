using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Pipeline.Spec.Resolved;
using Pipeline.Spec.Shapes;

namespace Pipeline.Spec.Written;

/// <summary>A pipeline file: a graph of stages with its parameters.</summary>
[OwnKeys]
internal sealed record PipelineSpec
{
    /// <summary>Version of the format.</summary>
    [Required, Exactly("pipeline/v1"), JsonPropertyName("apiVersion")] public string ApiVersion { get; init; } = "";

    /// <summary>What the file describes.</summary>
    [Required, Exactly("Pipeline")] public string Kind { get; init; } = "";

    /// <summary>The pipeline's name.</summary>
    [Required, PipelineName] public string Name { get; init; } = "";

    /// <summary>What it is for, in a sentence.</summary>
    public string? Description { get; init; }

    /// <summary>
    /// Another pipeline file, which this one changes: all that stands there holds, but for the <c>stages</c> that are added here, the
    /// places that are set, and what else is written here. Paths in it stay relative to it.
    /// </summary>
    public string? Extends { get; init; }

    /// <summary>Values by place in the file that is extended, such as <c>stages.reasoning_rl.with.steps: 5</c>.</summary>
    public IReadOnlyDictionary<string, JsonNode>? Set { get; init; }

    /// <summary>Stages of the file that is extended which are left out. Nothing that stays may need them.</summary>
    public IReadOnlyList<string>? Without { get; init; }

    /// <summary>
    /// Several instances of the whole graph: every stage has this matrix, and a stage that reads another reads the instance with
    /// its own values.
    /// </summary>
    public StrategySpec? Strategy { get; init; }

    /// <summary>Values that are given at start, <c>-p name=value</c>, and used as <c>${{ params.name }}</c>.</summary>
    [KeysAreIds] public IReadOnlyDictionary<string, ParamSpec>? Params { get; init; }

    /// <summary>What holds for every stage that does not say otherwise.</summary>
    public DefaultsSpec? Defaults { get; init; }

    /// <summary>The stages by id. A stage starts when every stage that its inputs come from has succeeded.</summary>
    [KeysAreIds, MinLength(1)]
    public IReadOnlyDictionary<string, StageSpec> Stages { get; init; } = new Dictionary<string, StageSpec>();

    /// <summary>What the pipeline is to show. The report says of each whether it holds.</summary>
    public IReadOnlyList<ClaimSpec>? Claims { get; init; }

    /// <summary>Who is told when something happens.</summary>
    public IReadOnlyList<NotifySpec>? Notify { get; init; }

    /// <summary>Named sets of overrides, chosen with <c>--profile</c>.</summary>
    public IReadOnlyDictionary<string, ProfileSpec>? Profiles { get; init; }
}

/// <summary>A parameter of the pipeline.</summary>
internal sealed record ParamSpec
{
    /// <summary>Its type. A path is relative to the pipeline file, and to the working directory where it is given with <c>-p</c>.</summary>
    [Required] public ParamType? Type { get; init; }

    /// <summary>Its value where none is given; without a default it must be given.</summary>
    public JsonNode? Default { get; init; }

    /// <summary>Smallest number allowed.</summary>
    public double? Min { get; init; }

    /// <summary>Largest number allowed.</summary>
    public double? Max { get; init; }

    /// <summary>What it is for.</summary>
    public string? Description { get; init; }
}

/// <summary>Types of a parameter.</summary>
internal enum ParamType
{
    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>A number.</summary>
    Number,

    /// <summary>Text.</summary>
    String,

    /// <summary>true or false.</summary>
    Boolean,

    /// <summary>A file or folder.</summary>
    Path,
}

/// <summary>What holds for every stage that does not say otherwise.</summary>
internal sealed record DefaultsSpec
{
    /// <summary>When a failed attempt is followed by another.</summary>
    public RetrySpec? Retry { get; init; }

    /// <summary>How checkpoints are spaced and kept.</summary>
    public CheckpointsSpec? Checkpoints { get; init; }

    /// <summary>What a stage takes of the machine.</summary>
    public ResourcesSpec? Resources { get; init; }

    /// <summary>What runs a stage's jobs. Default local.</summary>
    public ExecutorName? Executor { get; init; }

    /// <summary>What Slurm is told about a job. Of stages whose executor it is.</summary>
    public SlurmSpec? Slurm { get; init; }
}

/// <summary>Who is told when something happens.</summary>
internal sealed record NotifySpec
{
    /// <summary>What is told.</summary>
    [Required, MinLength(1)] public IReadOnlyList<NotifyOn> On { get; init; } = [];

    /// <summary>Address that the event is posted to as JSON; may be <c>${{ secrets.NAME }}</c>.</summary>
    [Required, Late("secrets")] public string Webhook { get; init; } = "";

    /// <summary>Signs what is posted: <c>${{ secrets.NAME }}</c>, the environment variable that holds the key. Default: not signed.</summary>
    [Late("secrets")] public string? Secret { get; init; }
}

/// <summary>What can be told.</summary>
internal enum NotifyOn
{
    /// <summary>The run succeeded.</summary>
    Succeeded,

    /// <summary>The run failed.</summary>
    Failed,

    /// <summary>The run was cancelled.</summary>
    Cancelled,

    /// <summary>A stage waits for a person's yes.</summary>
    ApprovalRequested,

    /// <summary>Training looks unhealthy.</summary>
    Alarm,
}

/// <summary>A named set of overrides.</summary>
internal sealed record ProfileSpec
{
    /// <summary>What it is for.</summary>
    public string? Description { get; init; }

    /// <summary>Values of parameters.</summary>
    public IReadOnlyDictionary<string, JsonNode>? Params { get; init; }

    /// <summary>
    /// Stages beside those of the file, so that <c>set</c> can put their outputs in the place of what the file reads from
    /// elsewhere.
    /// </summary>
    [KeysAreIds] public IReadOnlyDictionary<string, JsonNode>? Stages { get; init; }

    /// <summary>Values by place, such as <c>stages.reasoning_rl.with.steps: 5</c>.</summary>
    public IReadOnlyDictionary<string, JsonNode>? Set { get; init; }
}
