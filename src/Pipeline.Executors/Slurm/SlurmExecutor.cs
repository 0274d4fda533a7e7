using System.Diagnostics;
using System.Text.Json;
using Pipeline.Engine.Ports;
using Pipeline.Executors.Local;
using Pipeline.Protocol;
using Pipeline.Protocol.Jobs;

namespace Pipeline.Executors.Slurm;

/// <summary>
/// Runs jobs on a cluster under Slurm. A job is known by its name, which is the attempt's; by the number in
/// <c>slurm.json</c>; and by the <c>exit.json</c> that its script leaves. Nothing is remembered that these do not tell.
/// </summary>
/// <remarks>
/// Never twice: a job is looked for by its name, submitted held, its number recorded, and only then released. Whatever
/// goes wrong before the record leaves at most a held job, which the next look adopts or withdraws.
/// </remarks>
public sealed class SlurmExecutor : IExecutor
{
    // Every user's look takes the controller's locks. Ends are seen sooner, by exit.json.
    private static readonly TimeSpan LookPeriod = TimeSpan.FromSeconds(2);

    private readonly SlurmCommands _slurm;
    private readonly TimeSpan _period;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, JobStatus> _seen = [];
    private Task _turn = Task.CompletedTask;
    private long? _looked;

    /// <summary>An executor of the cluster that this machine belongs to.</summary>
    public SlurmExecutor() : this(new SlurmCommands(), LookPeriod) { }

    internal SlurmExecutor(SlurmCommands slurm, TimeSpan period) => (_slurm, _period) = (slurm, period);

    /// <inheritdoc/>
    public Task Submit(JobRequest job, CancellationToken cancellation) => InTurn(async () =>
    {
        var folder = job.Handle.Folder;
        if (File.Exists(folder.Exit) || SlurmRecord.Read(folder) is { Released: true }) return true;
        if (await Adopt(job.Handle, await _slurm.Queue(cancellation), cancellation)) return true;

        var script = JobScript.Of(job);
        try { WholeFile.WriteText(Path.Combine(folder.Path, "job.sh"), script.Text); } // for people
        catch (IOException error)
        {
            throw new ExecutorException("EXECUTOR_FOLDER", $"Cannot write into {folder.Path}: {error.Message}. Is the disk full or read-only?");
        }
        CrashPoint.Before("slurm-submit");
        await _slurm.SubmitHeld(script, job.Environment, cancellation);
        CrashPoint.After("slurm-submit");
        await Adopt(job.Handle, await _slurm.Queue(cancellation), cancellation);
        return true;
    });

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, JobStatus>> Poll(IReadOnlyCollection<JobHandle> jobs, CancellationToken cancellation) =>
        InTurn<IReadOnlyDictionary<string, JobStatus>>(async () =>
        {
            var answers = new Dictionary<string, JobStatus>();
            foreach (var job in jobs)
                if (Exit(job.Folder) is { } exit && !SlurmEnd.LeavesOpen(exit)) answers[job.Name] = new(JobPhase.Exited, exit);
            JobHandle[] open = [.. jobs.Where(job => !answers.ContainsKey(job.Name))];

            if (open.Any(job => !_seen.ContainsKey(job.Name)) || _looked is not { } looked || Stopwatch.GetElapsedTime(looked) >= _period)
                await Look(open, mayFail: answers.Count == 0, cancellation);
            foreach (var job in open) answers[job.Name] = _seen[job.Name];
            return answers;
        }, changes: false);

    /// <inheritdoc/>
    public Task Stop(JobHandle job, ExitAsked askedBy, CancellationToken cancellation) => InTurn(async () =>
    {
        if (File.Exists(job.Folder.Exit) || SlurmRecord.Read(job.Folder) is not { } record) return true;
        var stop = new ShimFolder(job.Folder).Stop;
        if (!File.Exists(stop)) ShimFolder.Write(stop, new StopRequest(askedBy));
        if (!(await _slurm.Queue(cancellation)).Any(record.IsOf)) return true; // gone, and its number may be another job's
        // Both, in this order: it may start in between. Its script sees to the grace time.
        await _slurm.Withdraw(record.Id, cancellation);
        await _slurm.Terminate(record.Id, cancellation);
        return true;
    });

    /// <summary>Asks Slurm about all jobs at once and keeps what it says of each.</summary>
    private async Task Look(JobHandle[] jobs, bool mayFail, CancellationToken cancellation)
    {
        _looked = Stopwatch.GetTimestamp();
        _seen.Clear();
        try
        {
            if (jobs.Length == 0) return;
            var queue = await _slurm.Queue(cancellation);
            foreach (var job in jobs) _seen[job.Name] = await StatusOf(job, queue, cancellation);
        }
        catch (SlurmUnavailableException away) when (!mayFail)
        {
            foreach (var job in jobs) _seen.TryAdd(job.Name, new(JobPhase.Unknown, Detail: away.Message));
        }
    }

    private async Task<JobStatus> StatusOf(JobHandle handle, IReadOnlyList<SlurmJob> queue, CancellationToken cancellation)
    {
        if (SlurmRecord.Read(handle.Folder) is not { Released: true })
        {
            return await Adopt(handle, queue, cancellation)
                ? new(JobPhase.Queued, Detail: "submitted")
                : new(JobPhase.Absent);
        }
        var record = SlurmRecord.Read(handle.Folder)!;
        await Withdraw(queue.Where(job => job.Name == record.Name && job.Id != record.Id), cancellation);
        return queue.FirstOrDefault(record.IsOf) switch
        {
            null => await Vanished(handle, record, cancellation),
            { IsFinal: true } job => Ended(handle, job),
            { IsWaiting: true } job => new(JobPhase.Queued, Detail: $"Slurm job {job.Id} waits: {job.Reason}"),
            var job => new(JobPhase.Running, Detail: $"Slurm job {job.Id}"),
        };
    }

    /// <summary>Records and releases the job of that name, if there is one. False: it is safe to submit.</summary>
    private async Task<bool> Adopt(JobHandle handle, IReadOnlyList<SlurmJob> queue, CancellationToken cancellation)
    {
        var record = SlurmRecord.Read(handle.Folder);
        if (record is null)
        {
            var name = SlurmRecord.NameOf(handle.Name);
            var own = queue.Where(job => job.Name == name && !job.WasRefused).OrderBy(job => job.Id).ToList();
            if (own.Count == 0) return false;
            record = new SlurmRecord(own[0].Id, name, own[0].Submitted, Released: false);
            CrashPoint.Before("slurm-record");
            record.Write(handle.Folder);
            CrashPoint.After("slurm-record");
            await Withdraw(own.Skip(1), cancellation);
        }
        CrashPoint.Before("slurm-release");
        if (queue.Any(record.IsOf)) await _slurm.Release(record.Id, cancellation); // else its number may be another job's
        CrashPoint.After("slurm-release");
        (record with { Released = true }).Write(handle.Folder);
        return true;
    }

    /// <summary>Takes back jobs that were submitted twice: a controller that froze carries out later what it did not acknowledge.</summary>
    private async Task Withdraw(IEnumerable<SlurmJob> doubles, CancellationToken cancellation)
    {
        foreach (var job in doubles.Where(job => job.IsHeld)) await _slurm.Withdraw(job.Id, cancellation);
    }

    /// <summary>Slurm forgets jobs some minutes after their end, and a controller that was killed may forget a living one.</summary>
    private async Task<JobStatus> Vanished(JobHandle handle, SlurmRecord record, CancellationToken cancellation)
    {
        if (Exit(handle.Folder) is { } exit) return new(JobPhase.Exited, exit);
        if (await _slurm.Accounted(record.Id, record.Name, cancellation) is { } accounted) return Ended(handle, accounted);
        return Lease.IsFresh(handle.Folder)
            ? new(JobPhase.Unknown, Detail: $"Slurm has lost job {record.Id}, which gives signs of life")
            : new(JobPhase.Gone, Detail: $"Slurm does not know job {record.Id} any more, and it left no record");
    }

    private static JobStatus Ended(JobHandle handle, SlurmJob job)
    {
        var exit = Exit(handle.Folder);
        // A node that does not answer is not a job that is dead.
        if (exit is null && job.State == "NODE_FAIL" && Lease.IsFresh(handle.Folder))
            return new(JobPhase.Unknown, Detail: $"Slurm has given up the node of job {job.Id}, which gives signs of life");
        var askedBy = ShimFolder.Read<StopRequest>(new ShimFolder(handle.Folder).Stop)?.AskedBy;
        return new(JobPhase.Exited, SlurmEnd.Of(job, exit, askedBy));
    }

    private static ExitRecord? Exit(AttemptFolder folder)
    {
        // Reading the folder anew has a network file system forget that the file was not there.
        if (!Directory.Exists(folder.Path) || !Directory.EnumerateFiles(folder.Path).Contains(folder.Exit)) return null;
        return JsonSerializer.Deserialize<ExitRecord>(File.ReadAllBytes(folder.Exit), ProtocolJson.Line);
    }

    /// <summary>One at a time. What was seen before a change says nothing about the time after it.</summary>
    private Task<T> InTurn<T>(Func<Task<T>> work, bool changes = true)
    {
        lock (_lock)
        {
            var turn = After(_turn);
            _turn = turn;
            return turn;
        }

        async Task<T> After(Task before)
        {
            await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
            if (changes) _looked = null;
            return await work();
        }
    }
}
