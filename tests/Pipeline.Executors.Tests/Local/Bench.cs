using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Engine.Ports;
using Pipeline.Executors.Local;
using Pipeline.Protocol;
using Pipeline.Protocol.Jobs;
using Pipeline.Spec.Resolved;

namespace Pipeline.Executors.Tests.Local;

/// <summary>A state folder of its own, an executor on it, and jobs that run the fake stage. Leaves no process behind.</summary>
internal sealed class Bench : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private readonly List<JobHandle> _jobs = [];

    public Bench(int cpus = 2, params string[] gpus)
    {
        Machine = new LocalMachine(cpus, gpus);
        Directory.CreateDirectory(State);
        Executor = NewExecutor();
    }

    public string State { get; } = Path.Combine(Path.GetTempPath(), $"executors-{Guid.NewGuid():N}");
    public LocalMachine Machine { get; }
    public LocalExecutor Executor { get; private set; }
    public string Ledger => Path.Combine(State, "ledger");
    public static IReadOnlyList<string> FakeStage => DotnetHost.Command(Beside("fake-stage.dll"));

    /// <summary>An executor as another engine, or the same one after a restart, would have it.</summary>
    public LocalExecutor NewExecutor() => new(Path.Combine(State, "slots"), DotnetHost.Command(Beside("Pipeline.Executors.Tests.dll")), Machine);

    /// <summary>A job that is ready to be submitted.</summary>
    public JobRequest Job(string instance, JsonObject options, int cpus = 1, int gpus = 0, JobLimits? limits = null,
        long? memoryBytes = null, IReadOnlyList<string>? program = null, int attempt = 1, string? resumeFrom = null)
    {
        var folder = AttemptFolder.Of(State, "run", instance, attempt);
        Directory.CreateDirectory(folder.Path);
        WholeFile.WriteJson(folder.Job, new JobFile
        {
            Run = "run", Stage = instance, Instance = instance, Attempt = attempt, Token = $"token-{attempt}", Kind = "command",
            Options = options, Outputs = new Dictionary<string, string> { ["chain"] = Path.Combine(folder.Outputs, "chain") },
            ResumeFrom = resumeFrom,
        });
        var handle = new JobHandle($"run-{instance}-{attempt}", folder);
        _jobs.Add(handle);
        return new JobRequest(handle, program ?? FakeStage, new Dictionary<string, string> { ["FAKE_STAGE_LEDGER"] = Ledger },
            new StageResources(cpus, gpus, memoryBytes), limits ?? new JobLimits(GraceSeconds: 10));
    }

    public void Submit(params JobRequest[] jobs)
    {
        foreach (var job in jobs) Executor.Submit(job, CancellationToken.None).Wait();
    }

    public JobStatus Poll(JobRequest job) => Executor.Poll([job.Handle], CancellationToken.None).Result[job.Handle.Name];

    public void Stop(JobRequest job, ExitAsked askedBy = ExitAsked.Cancel) =>
        Executor.Stop(job.Handle, askedBy, CancellationToken.None).Wait();

    /// <summary>The engine dies and comes back.</summary>
    public void Restart() => Executor = NewExecutor();

    public ExitRecord WaitForExit(JobRequest job)
    {
        WaitForPhase(job, JobPhase.Exited);
        return Poll(job).Exit!;
    }

    public void WaitForPhase(JobRequest job, JobPhase phase) =>
        WaitUntil(() => Poll(job).Phase == phase, () => $"{job.Handle.Name} to be {phase}; it is {Poll(job)}");

    /// <summary>Waits until the stage has done at least <paramref name="step"/> steps.</summary>
    public void WaitForStep(JobRequest job, int step) => WaitUntil(
        () => { Poll(job); return File.Exists(job.Handle.Folder.Heartbeat) && Beat(job).Step >= step; },
        () => $"{job.Handle.Name} to reach step {step}; it is {Poll(job)}");

    public static void WaitUntil(Func<bool> condition, Func<string> what)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            if (clock.Elapsed > Deadline) Assert.Fail($"Waited {Deadline.TotalSeconds} s for {what()}.");
            Thread.Yield();
            Thread.Sleep(5);
        }
    }

    private static Heartbeat Beat(JobRequest job) =>
        JsonSerializer.Deserialize<Heartbeat>(File.ReadAllBytes(job.Handle.Folder.Heartbeat), ProtocolJson.Line)!;

    public static ShimRecord ShimOf(JobRequest job) => ShimFolder.Read<ShimRecord>(new ShimFolder(job.Handle.Folder).Shim)!;

    public static void Kill(ProcessIdentity process)
    {
        Posix.Signal(process.Pid, Posix.SigKill);
        WaitUntil(() => !process.IsAlive, () => $"{process} to die");
    }

    public static string OutputOf(JobRequest job) => File.ReadAllText(Path.Combine(job.Handle.Folder.Outputs, "chain", "chain.txt"));

    public string[] LedgerLines(string what) =>
        File.Exists(Ledger) ? [.. File.ReadAllLines(Ledger).Where(line => line.StartsWith(what + " ", StringComparison.Ordinal))] : [];

    public void Dispose()
    {
        foreach (var job in _jobs)
        {
            if (ShimFolder.Read<ShimRecord>(new ShimFolder(job.Folder).Shim)?.Shim is { IsAlive: true } shim) Kill(shim);
            WaitUntil(() =>
            {
                var left = ProcessTree.OfJob(job.Folder);
                ProcessTree.Signal(left, Posix.SigKill);
                return left.Count == 0;
            }, () => $"the processes of {job.Name} to die");
        }
        Directory.Delete(State, recursive: true);
    }

    private static string Beside(string file) => Path.Combine(AppContext.BaseDirectory, file);
}
