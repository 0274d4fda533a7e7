using System.Text.Json;
using Pipeline.Protocol;
using Pipeline.Protocol.Jobs;

namespace Pipeline.Executors.Local;

/// <summary>The files of an attempt's folder that executor and shim use between themselves.</summary>
/// <param name="Attempt">The folder.</param>
internal readonly record struct ShimFolder(AttemptFolder Attempt)
{
    /// <summary>What the shim is told, <see cref="Local.Launch"/>; by the executor.</summary>
    public string Launch => Of("launch.json");

    /// <summary>Locked by the shim that has the job, as long as it lives.</summary>
    public string Claim => Of("claim");

    /// <summary>Who the shim and the stage are, <see cref="ShimRecord"/>; by the shim. Its presence means: never start this job again.</summary>
    public string Shim => Of("shim.json");

    /// <summary>That somebody wants the job to end, <see cref="StopRequest"/>; the first who asks writes it.</summary>
    public string Stop => Of("stop.json");

    /// <summary>Reads one of the files; null if it is not there (yet).</summary>
    public static T? Read<T>(string path) where T : class =>
        File.Exists(path) ? JsonSerializer.Deserialize<T>(File.ReadAllBytes(path), ShimJson.AsProtocol) : null;

    /// <summary>Writes one of the files, whole or not at all.</summary>
    public static void Write<T>(string path, T record) =>
        WholeFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(record, ShimJson.AsProtocol));

    private string Of(string name) => Path.Combine(Attempt.Path, name);
}

/// <summary>What a shim is told. The environment is not in it: it may hold secrets, and a child inherits it.</summary>
/// <param name="Program">Program and arguments.</param>
/// <param name="Cpus">CPU slots it takes.</param>
/// <param name="Gpus">GPU slots it takes.</param>
/// <param name="Limits">Time limits.</param>
/// <param name="WorkingFolder">Where the program starts.</param>
/// <param name="Slots">Folder of the slots.</param>
/// <param name="Machine">What the slots stand for.</param>
/// <param name="MemoryBytes">Memory limit of the whole tree; null for none.</param>
internal sealed record Launch(
    IReadOnlyList<string> Program,
    int Cpus,
    int Gpus,
    JobLimits Limits,
    string WorkingFolder,
    string Slots,
    LocalMachine Machine,
    long? MemoryBytes = null);

/// <summary>Who looks after a job.</summary>
/// <param name="Shim">The shim.</param>
/// <param name="Started">When the stage was started, UTC; null while it waits for slots.</param>
/// <param name="Stage">The stage's process.</param>
internal sealed record ShimRecord(ProcessIdentity Shim, DateTimeOffset? Started = null, ProcessIdentity? Stage = null);

/// <summary>A wish that a job end.</summary>
/// <param name="AskedBy">Whose.</param>
internal sealed record StopRequest(ExitAsked AskedBy);
