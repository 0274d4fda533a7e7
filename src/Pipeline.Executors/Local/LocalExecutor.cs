using System.ComponentModel;
using Pipeline.Engine.Ports;
using Pipeline.Protocol;
using Pipeline.Protocol.Jobs;

namespace Pipeline.Executors.Local;

/// <summary>
/// Runs jobs as processes of this machine, each under a <see cref="Shim"/> of its own that outlives the engine. What a
/// job is doing is read from the attempt's folder and from <c>/proc</c>, never remembered.
/// </summary>
/// <remarks>
/// Only the queue for slots is in memory, because the environment of a job may hold secrets. A job that waited when the
/// engine died is therefore <see cref="JobPhase.Absent"/>, and submitting it again is right.
/// </remarks>
public sealed class LocalExecutor : IExecutor
{
    private readonly IReadOnlyList<string> _shim;
    private readonly LocalMachine _machine;
    private readonly string _slotFolder;
    private readonly Slots _slots;
    private readonly Lock _lock = new();
    private readonly List<JobRequest> _waiting = [];
    private readonly Dictionary<string, LaunchingShim> _launching = [];

    /// <summary>An executor of this machine.</summary>
    /// <param name="slots">Folder of the slots, see <see cref="LocalMachine.SlotFolder"/>; engines that share it share the machine.</param>
    /// <param name="shim">Program and arguments that end in <see cref="Shim.Run"/> with the attempt's folder, which is added.</param>
    /// <param name="machine">What there is to give.</param>
    public LocalExecutor(string slots, IReadOnlyList<string> shim, LocalMachine machine)
    {
        (_shim, _machine) = (shim, machine);
        _slotFolder = slots;
        _slots = new Slots(_slotFolder, machine);
    }

    /// <inheritdoc/>
    public Task Submit(JobRequest job, CancellationToken cancellation)
    {
        JobCheck.Refuse(job, _machine);
        var folder = new ShimFolder(job.Handle.Folder);
        lock (_lock)
        {
            if (File.Exists(folder.Shim) || File.Exists(folder.Attempt.Exit) || IsOurs(job.Handle.Name)) return Task.CompletedTask;
            try
            {
                CrashPoint.Before("launch-order");
                ShimFolder.Write(folder.Launch, new Launch(
                    job.Program, JobQueue.Cpus(job), job.Resources.Gpus, job.Limits,
                    job.WorkingFolder ?? job.Handle.Folder.Path, _slotFolder, _machine, job.Resources.MemoryBytes));
                CrashPoint.After("launch-order");
            }
            catch (IOException error)
            {
                throw new ExecutorException("EXECUTOR_FOLDER",
                    $"Cannot write into {folder.Attempt.Path}: {error.Message}. Is the disk full or read-only?");
            }
            _waiting.Add(job);
            StartWhatFits();
        }
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, JobStatus>> Poll(IReadOnlyCollection<JobHandle> jobs, CancellationToken cancellation)
    {
        lock (_lock)
        {
            StartWhatFits();
            return Task.FromResult<IReadOnlyDictionary<string, JobStatus>>(
                jobs.DistinctBy(job => job.Name).ToDictionary(job => job.Name, StatusOf));
        }
    }

    /// <inheritdoc/>
    public Task Stop(JobHandle job, ExitAsked askedBy, CancellationToken cancellation)
    {
        var folder = new ShimFolder(job.Folder);
        lock (_lock)
        {
            if (_waiting.RemoveAll(waiting => waiting.Handle.Name == job.Name) > 0)
            {
                ShimFolder.Write(job.Folder.Exit, new ExitRecord(
                    null, null, askedBy, 0, 0, DateTimeOffset.UtcNow, "It was stopped while it waited for processors."));
                return Task.CompletedTask;
            }
            var known = File.Exists(folder.Shim) || _launching.ContainsKey(job.Name);
            if (!known || File.Exists(job.Folder.Exit)) return Task.CompletedTask;
            CrashPoint.Before("stop-order");
            if (!File.Exists(folder.Stop)) ShimFolder.Write(folder.Stop, new StopRequest(askedBy));
            CrashPoint.After("stop-order");
        }
        // The file is the request; the signal only spares it the wait until the shim looks.
        if (ShimFolder.Read<ShimRecord>(folder.Shim) is { Shim: { IsAlive: true } shim }) Posix.Signal(shim.Pid, Posix.SigTerm);
        return Task.CompletedTask;
    }

    private JobStatus StatusOf(JobHandle job)
    {
        var look = JobEvidence.Gather(job.Folder);
        if (look.NeedsShim && !_launching.ContainsKey(job.Name)) Launch(job, new Dictionary<string, string>(), cpus: 0, gpus: 0);
        if (look.Status.Phase == JobPhase.Absent && IsOurs(job.Name)) return new(JobPhase.Queued, Detail: "waits for processors");
        return look.Status;
    }

    private void StartWhatFits()
    {
        foreach (var (name, shim) in _launching.Where(entry => entry.Value.HasArrived).ToList())
        {
            shim.RecordFailure();
            shim.Dispose();
            _launching.Remove(name);
        }
        if (_waiting.Count == 0) return;

        // Shims on their way do not hold their slots yet.
        var (cpus, gpus) = _slots.Free();
        cpus -= _launching.Values.Sum(shim => shim.Cpus);
        gpus -= _launching.Values.Sum(shim => shim.Gpus);
        foreach (var job in JobQueue.Startable(_waiting.OrderByDescending(job => job.Priority), cpus, gpus))
        {
            if (!Launch(job.Handle, job.Environment, JobQueue.Cpus(job), job.Resources.Gpus)) break;
            _waiting.Remove(job);
        }
    }

    /// <summary>Starts a shim. False if the machine has no room for a process now; then the next poll tries again.</summary>
    private bool Launch(JobHandle job, IReadOnlyDictionary<string, string> environment, int cpus, int gpus)
    {
        CrashPoint.Before("launch-shim");
        try { _launching[job.Name] = new LaunchingShim(_shim, job, environment, cpus, gpus); }
        catch (Win32Exception) { return false; }
        CrashPoint.After("launch-shim");
        return true;
    }

    private bool IsOurs(string name) =>
        _launching.ContainsKey(name) || _waiting.Any(waiting => waiting.Handle.Name == name);
}
