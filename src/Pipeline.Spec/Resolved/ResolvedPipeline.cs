using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Pipeline.Spec.Resolved;

/// <summary>
/// A pipeline file after profiles, overrides and parameters: what a run executes. Stored whole in the journal with
/// <c>RunSubmitted</c> and never read again from the file.
/// </summary>
public sealed record ResolvedPipeline
{
    /// <summary>The pipeline's name.</summary>
    public required string Name { get; init; }

    /// <summary>What it is for, in a sentence.</summary>
    public string? Description { get; init; }

    /// <summary>Absolute path of the file it came from.</summary>
    public required string File { get; init; }

    /// <summary>The file as it was written, so that a resumed or forked run can change a setting of it; empty in old journals.</summary>
    public string Text { get; init; } = "";

    /// <summary>The text of each file that it extends, by absolute path.</summary>
    public IReadOnlyDictionary<string, string> Extended { get; init; } = new Dictionary<string, string>();

    /// <summary>The parameters' values.</summary>
    public JsonObject Params { get; init; } = [];

    /// <summary>What was chosen on the command line: <c>--profile</c>, <c>-p</c>, <c>--set</c>, as text, in order.</summary>
    public IReadOnlyList<string> Overrides { get; init; } = [];

    /// <summary>Who is told when something happens.</summary>
    public IReadOnlyList<Notification> Notify { get; init; } = [];

    /// <summary>What it is to show.</summary>
    public IReadOnlyList<Claim> Claims { get; init; } = [];

    /// <summary>The stages, each after those it needs.</summary>
    public required IReadOnlyList<ResolvedStage> Stages { get; init; }
}

/// <summary>Who is told when something happens.</summary>
/// <param name="On">What is told: <c>succeeded</c>, <c>failed</c>, <c>cancelled</c>, <c>approval_requested</c>, <c>alarm</c>.</param>
/// <param name="Webhook">Address, with <c>${{ secrets.NAME }}</c> still in it: a secret is looked up when it is used, never stored.</param>
/// <param name="Secret">Key of the signature, as <c>${{ secrets.NAME }}</c>; null: it is not signed.</param>
public sealed record Notification(IReadOnlyList<string> On, string Webhook, string? Secret = null);

/// <summary>One stage of a <see cref="ResolvedPipeline"/>.</summary>
public sealed record ResolvedStage
{
    /// <summary>Its id in the file.</summary>
    public required string Id { get; init; }

    /// <summary>Its id with its matrix values; equal to <see cref="Id"/> without a matrix.</summary>
    public required string Instance { get; init; }

    /// <summary>Its kind.</summary>
    public required string Uses { get; init; }

    /// <summary>Version of its kind.</summary>
    public int KindVersion { get; init; } = 1;

    /// <summary>Its options, complete: defaults of the options record filled in.</summary>
    public JsonObject Options { get; init; } = [];

    /// <summary>Its inputs by name, as in <see cref="Protocol.Jobs.JobFile.Inputs"/>.</summary>
    public IReadOnlyDictionary<string, StageInput> Inputs { get; init; } = new Dictionary<string, StageInput>();

    /// <summary>Kind of each output, by name.</summary>
    public IReadOnlyDictionary<string, string> Outputs { get; init; } = new Dictionary<string, string>();

    /// <summary>Instances that must have succeeded before: those its inputs come from, and those under <c>needs</c>.</summary>
    public IReadOnlyList<string> Needs { get; init; } = [];

    /// <summary>Program and arguments of a <c>command</c> stage; null for the others.</summary>
    public IReadOnlyList<string>? Command { get; init; }

    /// <summary>Files whose content makes a <c>command</c> stage's result cacheable; null: it is never cached.</summary>
    public IReadOnlyList<string>? Code { get; init; }

    /// <summary>Seed of its random numbers.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>What it takes of the machine.</summary>
    public StageResources Resources { get; init; } = new();

    /// <summary>What runs its jobs.</summary>
    public ExecutorName Executor { get; init; }

    /// <summary>Of jobs that wait for processors, those with the higher number start first.</summary>
    public int Priority { get; init; }

    /// <summary>What Slurm is told about its jobs; null where that is not its executor.</summary>
    public SlurmSettings? Slurm { get; init; }

    /// <summary>When it is tried again.</summary>
    public RetryPolicy Retry { get; init; } = new();

    /// <summary>How its checkpoints are spaced and kept.</summary>
    public Protocol.Jobs.CheckpointPolicy Checkpoints { get; init; } = new();

    /// <summary>Reasons to end early, with the model as it is then.</summary>
    public IReadOnlyList<Protocol.Jobs.StopCondition> StopWhen { get; init; } = [];

    /// <summary>What makes it one of several instances; null for a stage without a matrix.</summary>
    public MatrixMember? Matrix { get; init; }

    /// <summary>When it runs at all; null for always.</summary>
    public RunCondition? If { get; init; }

    /// <summary>The yes that it waits for; null if it starts without.</summary>
    public Approval? Approval { get; init; }

    /// <summary>What its final metrics must show for those that need it to start.</summary>
    public IReadOnlyList<Gate> Gates { get; init; } = [];
}

/// <summary>Where an input comes from: exactly one of an output of another stage, of the best of several, and a path.</summary>
/// <param name="Kind">What it is, see <see cref="Protocol.Artifacts.ArtifactKind"/>.</param>
/// <param name="Stage">Instance of the stage that makes it.</param>
/// <param name="Output">Name of that stage's output.</param>
/// <param name="Path">Absolute path of an artifact from outside the pipeline.</param>
/// <param name="Best">The instances of which the best makes it, in place of <paramref name="Stage"/>.</param>
/// <param name="Optional">Whether the stage goes without it if the stage that makes it is skipped; otherwise it is skipped too.</param>
public sealed record StageInput(
    string Kind,
    string? Stage = null,
    string? Output = null,
    string? Path = null,
    BestOf? Best = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Optional = false)
{
    /// <summary>The instances that it can come from; none for a path.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Makers => Stage is { } stage ? [stage] : Best?.Instances ?? [];
}

/// <summary>What a stage takes of the machine.</summary>
/// <param name="Cpus">Threads; null for all.</param>
/// <param name="Gpus">Graphics processors.</param>
/// <param name="MemoryBytes">Memory limit; null for none.</param>
/// <param name="TimeoutSeconds">Wall-clock limit of an attempt; null for none.</param>
/// <param name="Nodes">Machines; the rest is of each.</param>
public sealed record StageResources(
    int? Cpus = null, int Gpus = 0, long? MemoryBytes = null, double? TimeoutSeconds = null, int Nodes = 1);

/// <summary>When a failed attempt is followed by another.</summary>
/// <remarks>The delay before counted retry n is min(initial * factor^(n-1), max), with jitter.</remarks>
/// <param name="Limit">Counted retries at most.</param>
/// <param name="On">Failure classes that are retried beside interruption and node failure.</param>
/// <param name="InitialSeconds">First delay.</param>
/// <param name="Factor">Growth of the delay.</param>
/// <param name="MaxSeconds">Longest delay.</param>
/// <param name="ExitCodes">Exit codes that are retried, beside the classes.</param>
/// <param name="Jitter">Share by which a delay is made longer or shorter.</param>
public sealed record RetryPolicy(
    int Limit = 3,
    IReadOnlyList<Protocol.Jobs.FailureClass>? On = null,
    double InitialSeconds = 5,
    double Factor = 2,
    double MaxSeconds = 600,
    IReadOnlyList<int>? ExitCodes = null,
    double Jitter = 0.2);
