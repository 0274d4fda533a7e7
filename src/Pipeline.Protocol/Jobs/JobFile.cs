using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Pipeline.Protocol.Jobs;

/// <summary>
/// <c>job.json</c>: everything one attempt at a stage is told. The stage finds it by the environment variable
/// <c>PIPELINE_JOB</c> and writes only below the folder that holds it.
/// </summary>
public sealed record JobFile
{
    /// <summary>The environment variable that names the job file.</summary>
    public const string EnvironmentVariable = "PIPELINE_JOB";

    /// <summary>Version of the stage protocol, 1.</summary>
    public int Protocol { get; init; } = 1;

    /// <summary>The run's id.</summary>
    public required string Run { get; init; }

    /// <summary>The stage's id in the pipeline file.</summary>
    public required string Stage { get; init; }

    /// <summary>The stage's id, with its matrix values where it has a matrix: <c>rl[seed=1]</c>.</summary>
    public required string Instance { get; init; }

    /// <summary>Number of this attempt, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>Fencing token of the attempt; repeated in <see cref="ResultFile.Token"/>.</summary>
    public required string Token { get; init; }

    /// <summary>Name of the stage kind, as after <c>uses:</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Version of the stage kind; bumped by hand when its results change.</summary>
    public int KindVersion { get; init; } = 1;

    /// <summary>The stage's settings, read into the options record of its kind.</summary>
    public JsonObject Options { get; init; } = [];

    /// <summary>
    /// Artifacts the stage reads, by name. An input that takes a list has one entry an item: <c>dataset.0</c>,
    /// <c>dataset.1</c>. An artifact that the options refer to is named by its place in them:
    /// <c>rewards.2.model</c>.
    /// </summary>
    public IReadOnlyDictionary<string, JobInput> Inputs { get; init; } = new Dictionary<string, JobInput>();

    /// <summary>Absolute path where each output is to be written, by name.</summary>
    public IReadOnlyDictionary<string, string> Outputs { get; init; } = new Dictionary<string, string>();

    /// <summary>Absolute path of the verified checkpoint to go on from; null to start afresh.</summary>
    public string? ResumeFrom { get; init; }

    /// <summary>Seed of every random number of the stage.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Number of threads to use, exactly.</summary>
    public int Cpus { get; init; } = 1;

    /// <summary><c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Hash of all that determines the outputs; goes into every checkpoint.</summary>
    public string Fingerprint { get; init; } = "";

    /// <summary>How checkpoints are spaced and kept.</summary>
    public CheckpointPolicy Checkpoints { get; init; } = new();

    /// <summary>Reasons to end early, successfully; any of them is enough. Looked at after each optimizer step.</summary>
    public IReadOnlyList<StopCondition> StopWhen { get; init; } = [];

    /// <summary>Time limits.</summary>
    public JobLimits Limits { get; init; } = new();

    /// <summary>Fields of later versions, kept and ignored.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; init; }

    /// <summary>The items of input <paramref name="name"/> in order: the one of that name, or those of its list.</summary>
    public IReadOnlyList<JobInput> InputsOf(string name)
    {
        if (Inputs.TryGetValue(name, out var single)) return [single];
        var items = new List<JobInput>();
        while (Inputs.TryGetValue($"{name}.{items.Count}", out var item)) items.Add(item);
        return items;
    }
}

/// <summary>An artifact that a stage reads.</summary>
/// <param name="Path">Absolute path of the file or folder.</param>
/// <param name="Kind">What it is, see <see cref="Artifacts.ArtifactKind"/>.</param>
/// <param name="Digest">Its content hash, see <see cref="Artifacts.ArtifactDigest"/>; empty when unknown.</param>
public sealed record JobInput(string Path, string Kind, string Digest = "");

/// <summary>Time limits of an attempt.</summary>
/// <param name="WallSeconds">The attempt is stopped after this long; null for no limit.</param>
/// <param name="GraceSeconds">Time between being asked to stop (SIGTERM) and being killed.</param>
public sealed record JobLimits(double? WallSeconds = null, double GraceSeconds = 60);
