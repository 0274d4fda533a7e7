using System.Globalization;
using Pipeline.Engine.Ports;
using Pipeline.Protocol.Jobs;

namespace Pipeline.Engine.Tests.Simulation;

/// <summary>The world outside of the engine: jobs, and what they leave on the disk. Goes on while no engine is there.</summary>
internal sealed class SimulatedMachine(VirtualWorld world, Scenario scenario, Chaos chaos)
{
    private readonly Dictionary<string, SimulatedJob> _jobs = [];

    public SortedDictionary<string, SimulatedFolder> Folders { get; } = new(StringComparer.Ordinal);

    /// <summary>Contents of outputs: the digest at each path.</summary>
    public Dictionary<string, string> Artifacts { get; } = [];

    /// <summary>The first thing that must never happen and did; kept here, for an engine survives what an executor throws.</summary>
    public string? Violation { get; private set; }

    /// <summary>Final numbers of every stage.</summary>
    public Dictionary<string, double> Metrics { get; init; } = [];

    /// <summary>What the machine answers to every submission; null: it takes them.</summary>
    public ExecutorException? Refuses { get; init; }

    /// <summary>Room on its disk.</summary>
    public long FreeBytes { get; set; } = 1L << 40;

    public IReadOnlyCollection<SimulatedJob> Jobs => _jobs.Values;

    public SimulatedJob? Find(string name) => _jobs.GetValueOrDefault(name);

    public void Submit(JobRequest request)
    {
        if (Refuses is not null) throw Refuses;
        if (_jobs.ContainsKey(request.Handle.Name)) return;
        var folder = Folders[request.Handle.Folder.Path];
        var job = new SimulatedJob(request, folder, scenario.Next(folder.Job!.Instance));

        var twin = _jobs.Values.FirstOrDefault(other => other.IsAlive && other.Stage == job.Stage);
        if (twin is not null) Violation ??= $"{request.Handle.Name} was started beside {twin.Request.Handle.Name}";
        if (StepOf(job.File.ResumeFrom) != NewestIntact(job.File))
            Violation ??= $"{request.Handle.Name} goes on from step {StepOf(job.File.ResumeFrom)}, not from {NewestIntact(job.File)}";

        _jobs.Add(request.Handle.Name, job);
        world.Outside.Post(_ => Live(job), null);
    }

    public void Stop(string name, ExitAsked askedBy)
    {
        if (Find(name) is not { IsAlive: true } job) return;
        if (job.Phase == JobPhase.Queued) End(job, new ExitRecord(null, null, askedBy, 0, 0, world.GetUtcNow()));
        else world.Outside.Post(_ => Obey(job, askedBy), null);
    }

    /// <summary>The queue is in the memory of the engine and dies with it.</summary>
    public void EngineEnded()
    {
        foreach (var job in _jobs.Values.Where(job => job.Phase == JobPhase.Queued).ToList())
        {
            _jobs.Remove(job.Request.Handle.Name);
            job.Phase = JobPhase.Absent;
            scenario.GiveBack(job.File.Instance, job.Ending);
        }
    }

    public static string CheckpointPath(string folder, long step) => $"{folder}/checkpoints/step-{step:D6}";

    private async void Live(SimulatedJob job)
    {
        await Task.Delay(chaos.Seconds(0, 4), world);
        if (job.Phase != JobPhase.Queued) return;
        job.Phase = JobPhase.Running;

        // Steps are counted so that no two attempts die at the same one.
        var step = (StepOf(job.File.ResumeFrom) ?? 0) + job.File.Attempt;
        for (var i = chaos.Random.Next(1, 4); i > 0; i--)
        {
            Beat(job, step);
            await Task.Delay(chaos.Seconds(1, 8), world);
            if (job.Phase != JobPhase.Running) return;
            if (chaos.Random.NextDouble() < 0.2) Say(job, StageEventKind.Alarm, step);
            if (chaos.Random.NextDouble() < 0.2) Say(job, StageEventKind.Warning, step);
        }
        if (Gains(job.Ending)) Checkpoint(job, step += 10);
        Beat(job, step);
        EndBy(job);
    }

    private static bool Gains(Ending ending) => ending is Ending.InterruptedAfterCheckpoint or Ending.KilledAfterCheckpoint
        or Ending.HungAfterCheckpoint or Ending.Succeeded;

    private void EndBy(SimulatedJob job)
    {
        switch (job.Ending)
        {
            case Ending.InterruptedAfterCheckpoint: Exit(job, StageExit.Interrupted); break;
            case Ending.KilledAfterCheckpoint or Ending.Killed: Exit(job, null, signal: 9); break;
            case Ending.Vanished: End(job, null); break;
            case Ending.Hung or Ending.HungAfterCheckpoint: break; // no heartbeat from now on
            case Ending.Succeeded: WriteResult(job); Exit(job, StageExit.Done); break;
            case Ending.SucceededUnseen: WriteResult(job); End(job, null); break;
            case Ending.WrongConfiguration: Exit(job, StageExit.Config); break;
            case Ending.FailedByItself: Exit(job, StageExit.Internal); break;
            case Ending.OutputNotAsClaimed:
                WriteResult(job);
                Artifacts[job.File.Outputs["model"]] = "sha256:torn";
                Exit(job, StageExit.Done);
                break;
            case Ending.ResultOfAnother:
                WriteResult(job);
                job.Folder.Result = job.Folder.Result! with { Token = "another" };
                Exit(job, StageExit.Done);
                break;
            default: throw new InvalidOperationException($"{job.Ending}");
        }
    }

    private async void Obey(SimulatedJob job, ExitAsked askedBy)
    {
        await Task.Delay(chaos.Seconds(0, 5), world);
        if (job.Phase != JobPhase.Running) return;
        if (askedBy == ExitAsked.Cancel)
        {
            scenario.GiveBack(job.File.Instance, job.Ending);
            Checkpoint(job, (job.Folder.Heartbeat?.Step ?? 0) + 1);
        }
        End(job, new ExitRecord(StageExit.Interrupted, null, askedBy, 0, 0, world.GetUtcNow()));
    }

    private void WriteResult(SimulatedJob job)
    {
        var digest = "sha256:" + job.File.Fingerprint[^16..]; // equal stages make equal outputs
        Artifacts[job.File.Outputs["model"]] = digest;
        job.Folder.Result = new ResultFile
        {
            Token = job.File.Token,
            Metrics = Metrics,
            Outputs = new Dictionary<string, ResultOutput> { ["model"] = new("model", digest) },
        };
    }

    private void Beat(SimulatedJob job, long step) =>
        (job.Folder.Heartbeat, job.Folder.HeartbeatWritten) = (new Heartbeat(step, 0, "training"), world.GetUtcNow());

    private void Checkpoint(SimulatedJob job, long step)
    {
        job.Folder.Checkpoints[step] = false;
        Say(job, StageEventKind.Checkpoint, step);
    }

    private void Say(SimulatedJob job, StageEventKind kind, long step) =>
        job.Folder.Events.Add(new StageEvent(world.GetUtcNow(), step, kind, "CODE", "A sentence."));

    private void Exit(SimulatedJob job, int? code, int? signal = null) =>
        End(job, new ExitRecord(code, signal, ExitAsked.Nobody, 0, 0, world.GetUtcNow()));

    private void End(SimulatedJob job, ExitRecord? exit)
    {
        (job.Phase, job.Exit) = (exit is null ? JobPhase.Gone : JobPhase.Exited, exit);
        // A machine that dies can take its last writes with it.
        if (job.Folder.Result is null && job.Folder.Checkpoints.Count > 0 && chaos.Hits(0.2))
            job.Folder.Checkpoints[job.Folder.Checkpoints.Keys.Max()] = true;
    }

    private long? NewestIntact(JobFile file) => Folders.Values
        .Where(folder => folder.Job?.Fingerprint == file.Fingerprint && folder.Job.Token != file.Token)
        .SelectMany(folder => folder.Checkpoints)
        .Where(checkpoint => !checkpoint.Value)
        .Select(checkpoint => (long?)checkpoint.Key)
        .Max();

    private static long? StepOf(string? checkpoint) =>
        checkpoint is null ? null : long.Parse(checkpoint[(checkpoint.LastIndexOf('-') + 1)..], CultureInfo.InvariantCulture);
}
