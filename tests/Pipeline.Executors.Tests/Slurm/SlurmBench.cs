using System.Text.Json.Nodes;
using Pipeline.Engine.Ports;
using Pipeline.Executors.Slurm;
using Pipeline.Executors.Tests.Local;
using Pipeline.Protocol;
using Pipeline.Protocol.Jobs;
using Pipeline.Spec.Resolved;

namespace Pipeline.Executors.Tests.Slurm;

/// <summary>A state folder of its own, an executor of the cluster, and jobs that run the fake stage.</summary>
internal sealed class SlurmBench : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);
    private readonly string _run = Guid.NewGuid().ToString("N")[..8];

    /// <summary>A bench.</summary>
    /// <param name="programs">Folder of programs in place of Slurm's; null for the real ones.</param>
    public SlurmBench(string? programs = null)
    {
        Directory.CreateDirectory(State);
        Executor = new SlurmExecutor(new SlurmCommands(programs), Period);
    }

    public string State { get; } = Path.Combine(Path.GetTempPath(), $"slurm-jobs-{Guid.NewGuid():N}");
    public SlurmExecutor Executor { get; private set; }
    public string Ledger => Path.Combine(State, "ledger");

    /// <summary>The engine dies and comes back.</summary>
    public void Restart() => Executor = new SlurmExecutor(new SlurmCommands(), Period);

    /// <summary>A job that is ready to be submitted.</summary>
    public JobRequest Job(string instance, JsonObject? options = null, IReadOnlyList<string>? program = null,
        StageResources? resources = null, JobLimits? limits = null, SlurmSettings? slurm = null)
    {
        var folder = AttemptFolder.Of(State, _run, instance, 1);
        Directory.CreateDirectory(folder.Path);
        WholeFile.WriteJson(folder.Job, new JobFile
        {
            Run = _run, Stage = instance, Instance = instance, Attempt = 1, Token = "token-1", Kind = "command",
            Options = options ?? [], Outputs = new Dictionary<string, string> { ["chain"] = Path.Combine(folder.Outputs, "chain") },
        });
        return new JobRequest(
            new JobHandle($"{_run}.{instance}.1", folder, ExecutorName.Slurm), program ?? Bench.FakeStage,
            new Dictionary<string, string> { ["FAKE_STAGE_LEDGER"] = Ledger, ["ODD"] = "a,b='c'\nd" },
            resources ?? new StageResources(Cpus: 1), limits ?? new JobLimits(GraceSeconds: 10), Slurm: slurm ?? new SlurmSettings());
    }

    public static string[] Shell(string command) => ["/bin/sh", "-c", command];

    public void Submit(JobRequest job) => Executor.Submit(job, CancellationToken.None).GetAwaiter().GetResult();

    public JobStatus Poll(JobRequest job) => Executor.Poll([job.Handle], CancellationToken.None).GetAwaiter().GetResult()[job.Handle.Name];

    public void Stop(JobRequest job, ExitAsked askedBy = ExitAsked.Cancel) =>
        Executor.Stop(job.Handle, askedBy, CancellationToken.None).GetAwaiter().GetResult();

    public void WaitFor(JobRequest job, JobPhase phase) =>
        Bench.WaitUntil(() => Poll(job).Phase == phase, () => $"{job.Handle.Name} to be {phase}; it is {Poll(job)}");

    public ExitRecord WaitForExit(JobRequest job)
    {
        WaitFor(job, JobPhase.Exited);
        return Poll(job).Exit!;
    }

    /// <summary>Waits until the stage beats.</summary>
    public void WaitForStage(JobRequest job) =>
        Bench.WaitUntil(() => { Poll(job); return File.Exists(job.Handle.Folder.Heartbeat); }, () => $"{job.Handle.Name} to work; it is {Poll(job)}");

    public static string OutputOf(JobRequest job) => File.ReadAllText(job.Handle.Folder.StandardOutput);

    public static SlurmRecord RecordOf(JobRequest job) => SlurmRecord.Read(job.Handle.Folder)!;

    public static string Id(JobRequest job) => RecordOf(job).Id.ToString();

    public int Starts => File.Exists(Ledger) ? File.ReadLines(Ledger).Count(line => line.StartsWith("start ", StringComparison.Ordinal)) : 0;

    /// <summary>Process number of the stage that started last.</summary>
    public int StagePid => int.Parse(File.ReadLines(Ledger).Last(line => line.StartsWith("start ", StringComparison.Ordinal)).Split(' ')[4]);

    public void Dispose() => Bench.WaitUntil(
        () =>
        {
            try { Directory.Delete(State, recursive: true); }
            catch (IOException) { return false; } // a script is writing its last lease
            return true;
        },
        () => $"{State} to be left alone");
}
