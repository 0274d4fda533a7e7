using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using Pipeline.Protocol.Jobs;
using Pipeline.Spec.Resolved;
using Pipeline.Spec.Shapes;

namespace Pipeline.Spec.Written;

/// <summary>One stage of the pipeline.</summary>
internal sealed record StageSpec
{
    /// <summary>The kind of the stage.</summary>
    [Required, StageKindName] public string? Uses { get; init; }

    /// <summary>What it reads: a path, <c>${{ stages.x.outputs.y }}</c>, or a list of those where the input takes several.</summary>
    public JsonObject? Inputs { get; init; }

    /// <summary>The kind of each output, by name. Only of a <c>command</c> stage; the others have fixed outputs.</summary>
    [KeysAreIds] public IReadOnlyDictionary<string, string>? Outputs { get; init; }

    /// <summary>Its settings.</summary>
    public JsonObject? With { get; init; }

    /// <summary>Stages that must have succeeded before, beside those that the inputs come from.</summary>
    public IReadOnlyList<string>? Needs { get; init; }

    /// <summary>What it takes of the machine.</summary>
    public ResourcesSpec? Resources { get; init; }

    /// <summary>What runs its jobs. Default local: processes of the machine that the engine runs on.</summary>
    public ExecutorName? Executor { get; init; }

    /// <summary>
    /// Which of the jobs that wait for this machine's processors starts first: that with the higher number. Default 0.
    /// </summary>
    [Range(-1000, 1000)] public int? Priority { get; init; }

    /// <summary>What Slurm is told about its jobs.</summary>
    public SlurmSpec? Slurm { get; init; }

    /// <summary>When a failed attempt is followed by another.</summary>
    public RetrySpec? Retry { get; init; }

    /// <summary>How its checkpoints are spaced and kept.</summary>
    public CheckpointsSpec? Checkpoints { get; init; }

    /// <summary>Seed of its random numbers. Default the parameter <c>seed</c>, else 1.</summary>
    public long? Seed { get; init; }

    /// <summary>
    /// Program and arguments of a <c>command</c> stage, each its own item: there is no shell. A program with a slash in
    /// its name is relative to the pipeline file. May hold <c>${{ job.file }}</c> and <c>${{ run.id }}</c>.
    /// </summary>
    [MinLength(1), Late("job", "run")] public IReadOnlyList<string>? Run { get; init; }

    /// <summary>Files and folders whose content decides what a <c>command</c> stage makes. Without it the stage is never cached.</summary>
    public IReadOnlyList<string>? Code { get; init; }

    /// <summary>Several instances with different values.</summary>
    public StrategySpec? Strategy { get; init; }

    /// <summary>What its final metrics must show for those that need it to start.</summary>
    public IReadOnlyList<GateSpec>? Gates { get; init; }

    /// <summary>A person's yes, asked for when everything else is ready for it to start.</summary>
    public ApprovalSpec? Approval { get; init; }

    /// <summary>When it runs at all. Otherwise it is skipped, and with it every stage that cannot do without its outputs.</summary>
    public ConditionSpec? If { get; init; }

    /// <summary>
    /// Reasons to end early: the stage succeeds with the model as it is then. Any of them is enough. Of stages that train.
    /// </summary>
    public IReadOnlyList<StopWhenSpec>? StopWhen { get; init; }
}

/// <summary>A reason to end early: a metric beyond a bound, or an alarm.</summary>
internal sealed record StopWhenSpec
{
    /// <summary>Name of a metric of the stage, such as <c>entropy</c> or <c>eval/pass@1</c>.</summary>
    public string? Metric { get; init; }

    /// <summary>How the metric is compared with the value.</summary>
    public Comparison? Op { get; init; }

    /// <summary>What it is compared with.</summary>
    public double? Value { get; init; }

    /// <summary>For how long it must hold without a break, such as <c>50 steps</c>. Default at once.</summary>
    [Steps] public string? For { get; init; }

    /// <summary>An alarm of the stage, in place of a metric.</summary>
    [AlarmCode] public string? Alarm { get; init; }
}

/// <summary>A bound on a final metric of the stage.</summary>
internal sealed record GateSpec
{
    /// <summary>Name of the metric, such as <c>eval/pass@1</c>.</summary>
    [Required] public string? Metric { get; init; }

    /// <summary>How the metric is compared with the value.</summary>
    [Required] public Comparison? Op { get; init; }

    /// <summary>What it is compared with.</summary>
    [Required] public double? Value { get; init; }

    /// <summary>What happens if it does not hold, or the stage did not report the metric. Default stop.</summary>
    public GateFailure? OnFail { get; init; }
}

/// <summary>A person's yes.</summary>
internal sealed record ApprovalSpec
{
    /// <summary>The question.</summary>
    [Required] public string? Message { get; init; }

    /// <summary>How long an answer is waited for, such as <c>24h</c>. Default for ever.</summary>
    [Duration] public string? Timeout { get; init; }

    /// <summary>The answer if nobody gave one by then. Default reject.</summary>
    public ApprovalTimeout? OnTimeout { get; init; }
}

/// <summary>A comparison with a parameter, or with a final metric of an earlier stage.</summary>
internal sealed record ConditionSpec
{
    /// <summary>Name of a parameter.</summary>
    public string? Param { get; init; }

    /// <summary>The stage whose metric it is, in place of a parameter; it is waited for.</summary>
    public string? Stage { get; init; }

    /// <summary>Name of a metric of that stage, such as <c>eval/pass@1</c>.</summary>
    public string? Metric { get; init; }

    /// <summary>How they are compared. Text, true and false are equal or not.</summary>
    [Required] public Comparison? Op { get; init; }

    /// <summary>What it is compared with.</summary>
    [Required] public JsonNode? Value { get; init; }
}

/// <summary>What a stage takes of the machine.</summary>
internal sealed record ResourcesSpec
{
    /// <summary>Threads. Default all; on the same number the same weights come out, bit for bit.</summary>
    [Range(1, 4096)] public int? Cpus { get; init; }

    /// <summary>Graphics processors. Default 0.</summary>
    [Range(0, 1024)] public int? Gpus { get; init; }

    /// <summary>
    /// Machines that a <c>command</c> stage on Slurm runs on, once on each; cpus, gpus and memory are of each. Default 1.
    /// </summary>
    [Range(1, 4096)] public int? Nodes { get; init; }

    /// <summary>Memory limit, such as <c>40GB</c>. Default none.</summary>
    [Size] public string? Memory { get; init; }

    /// <summary>Wall-clock limit of an attempt, such as <c>6h</c>. Default none.</summary>
    [Duration] public string? Timeout { get; init; }
}

/// <summary>When a failed attempt is followed by another.</summary>
internal sealed record RetrySpec
{
    /// <summary>Counted retries at most. Default 3.</summary>
    [Range(0, 1000)] public int? Limit { get; init; }

    /// <summary>Causes that are retried, beside interruption and a lost node, which always are.</summary>
    public IReadOnlyList<RetryCause>? On { get; init; }

    /// <summary>Exit codes of its program that are retried. 78 is not even if it is named: the configuration is wrong.</summary>
    [Range(1, 255)] public IReadOnlyList<int>? ExitCodes { get; init; }

    /// <summary>Time between attempts.</summary>
    public BackoffSpec? Backoff { get; init; }
}

/// <summary>Causes that can be retried.</summary>
internal enum RetryCause
{
    /// <summary>The job was interrupted and had made a checkpoint: always retried.</summary>
    Interrupted,

    /// <summary>The cluster took the machine away; the same as interrupted.</summary>
    Preempted,

    /// <summary>The machine was lost or the job was killed: always retried.</summary>
    NodeFailure,

    /// <summary>The job stopped giving signs of life: always retried.</summary>
    Stalled,

    /// <summary>All that is retried anyway: interrupted, node_failure and stalled.</summary>
    Retryable,

    /// <summary>The wall-clock limit was met.</summary>
    Timeout,

    /// <summary>The stage failed by itself.</summary>
    Failed,
}

/// <summary>Time between attempts: before retry n it is initial * factor^(n-1), at most max.</summary>
internal sealed record BackoffSpec
{
    /// <summary>Before the first retry. Default 5s.</summary>
    [Duration] public string? Initial { get; init; }

    /// <summary>Growth from one retry to the next. Default 2.</summary>
    [Range(1.0, 100.0)] public double? Factor { get; init; }

    /// <summary>At most. Default 10m.</summary>
    [Duration] public string? Max { get; init; }

    /// <summary>
    /// Share by which each time is made longer or shorter, to part jobs that died together; the same for the same run,
    /// stage and attempt. Default 0.2.
    /// </summary>
    [Range(0.0, 1.0)] public double? Jitter { get; init; }
}

/// <summary>How checkpoints are spaced and kept.</summary>
internal sealed record CheckpointsSpec
{
    /// <summary>Optimizer steps between checkpoints, such as <c>100 steps</c>. Default the stage's own.</summary>
    [Steps] public string? Every { get; init; }

    /// <summary>How many of the newest are kept. Default 2.</summary>
    [Range(1, 1000)] public int? KeepLast { get; init; }

    /// <summary>Those at multiples of so many steps are kept too, such as <c>1000 steps</c>. Default none.</summary>
    [Steps] public string? KeepEvery { get; init; }

    /// <summary>Those at the best values of a metric are kept too. Default none.</summary>
    public KeepBestSpec? KeepBest { get; init; }
}

/// <summary>Keeps the best checkpoints by a metric.</summary>
internal sealed record KeepBestSpec
{
    /// <summary>Name of a metric of the stage, such as <c>eval/pass@1</c>.</summary>
    [Required] public string? Metric { get; init; }

    /// <summary>Which value is the best. Default max.</summary>
    public BestMode? Mode { get; init; }

    /// <summary>How many are kept. Default 1.</summary>
    [Range(1, 1000)] public int? N { get; init; }
}
