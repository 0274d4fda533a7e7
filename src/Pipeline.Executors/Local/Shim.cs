using System.Collections;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Pipeline.Protocol;
using Pipeline.Protocol.Jobs;

namespace Pipeline.Executors.Local;

/// <summary>
/// The process that stands between executor and stage: it outlives the engine, owns the stage's whole process tree, and
/// tells by files how the job is and how it ended.
/// </summary>
/// <remarks>
/// <code>
/// claim the job -> wait for slots -> start the stage -> watch (stop, limits) -> tree gone -> exit.json
///       '-> an earlier shim was killed: adopt the tree it left -----'
/// </code>
/// </remarks>
public sealed class Shim : IDisposable
{
    /// <summary>Exit code of a shim that found the job in the hands of another.</summary>
    public const int Taken = 3;

    private static readonly TimeSpan LeasePeriod = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SlotPeriod = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan OrphanPeriod = TimeSpan.FromMilliseconds(200); // nobody tells us of an orphan's end
    private static readonly TimeSpan KillPeriod = TimeSpan.FromMilliseconds(20);    // what is killed may fork meanwhile
    private static readonly TimeSpan StragglersGrace = TimeSpan.FromSeconds(5);

    private readonly ShimFolder _folder;
    private readonly Launch _launch;
    private readonly FileLock _claim;
    private readonly AutoResetEvent _changed = new(initialState: false);
    private readonly PosixSignalRegistration _onTerm;
    private MemoryGroup? _memory;
    private volatile bool _termReceived;

    private Shim(ShimFolder folder, Launch launch, FileLock claim)
    {
        (_folder, _launch, _claim) = (folder, launch, claim);
        _onTerm = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            _termReceived = true;
            _changed.Set();
        });
    }

    /// <summary>Looks after the job of an attempt's folder until nothing of it is left.</summary>
    /// <returns>The process's exit code: 0, or <see cref="Taken"/>.</returns>
    public static int Run(string attemptFolder)
    {
        var folder = new ShimFolder(new AttemptFolder(attemptFolder));
        Posix.BecomeSessionLeader();
        using var claim = FileLock.Try(folder.Claim);
        if (claim is null) return Taken;
        if (File.Exists(folder.Attempt.Exit)) return 0;

        Posix.RedirectStandardStreams(folder.Attempt.StandardOutput, folder.Attempt.StandardError);
        using var shim = new Shim(folder, ShimFolder.Read<Launch>(folder.Launch)!, claim);
        shim.Record(ShimFolder.Read<ShimRecord>(folder.Shim) is { } earlier ? shim.Adopt(earlier) : shim.Perform());
        return 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _onTerm.Dispose();
        _changed.Dispose();
        _memory?.Dispose();
    }

    /// <summary>Told by a request, by a signal, or by the loss of the folder: whoever deleted that wants nothing of the job.</summary>
    private bool IsToldToStop => File.Exists(_folder.Stop) || _termReceived || _claim.IsDeleted;

    private ExitRecord Perform()
    {
        Posix.AdoptOrphans();
        var record = new ShimRecord(ProcessIdentity.Self);
        CrashPoint.Before("shim-record");
        ShimFolder.Write(_folder.Shim, record); // before the stage starts: from here on nobody starts this job again
        CrashPoint.After("shim-record");
        RenewLease();

        using var slots = WaitForSlots();
        if (slots is null) return NotStarted(code: null, Asked(), "It was stopped while it waited for processors.");
        slots.Inherit();
        ChildTree Start() => new(_launch.Program, StageEnvironment(slots), _changed);
        ChildTree tree;
        try
        {
            Environment.CurrentDirectory = _launch.WorkingFolder;
            _memory = _launch.MemoryBytes is { } limit ? MemoryGroup.TryMake(limit) : null;
            CrashPoint.Before("shim-start");
            tree = _memory is null ? Start() : _memory.Within(Start);
            CrashPoint.After("shim-start");
        }
        catch (IOException error)
        {
            return NotStarted(StageExit.Config, ExitAsked.Nobody,
                $"The stage's program {_launch.Program[0]} cannot be started: {error.Message}. See that it exists and may be executed.");
        }
        CrashPoint.Before("shim-started");
        ShimFolder.Write(_folder.Shim, record with { Started = DateTimeOffset.UtcNow, Stage = ProcessIdentity.Of(tree.StagePid) });
        CrashPoint.After("shim-started");
        return Watch(tree, TimeSpan.Zero, LeasePeriod);
    }

    private ExitRecord Adopt(ShimRecord earlier)
    {
        CrashPoint.Before("shim-adopt");
        ShimFolder.Write(_folder.Shim, earlier with { Shim = ProcessIdentity.Self });
        CrashPoint.After("shim-adopt");
        RenewLease();
        var age = earlier.Started is { } started ? DateTimeOffset.UtcNow - started : TimeSpan.Zero;
        return Watch(new OrphanTree(_folder.Attempt, earlier.Stage ?? OrphanTree.StageOf(_folder.Attempt)), age, OrphanPeriod);
    }

    /// <summary>Holds the lease, enforces the limits and carries out stops until the tree is gone.</summary>
    private ExitRecord Watch(JobTree tree, TimeSpan age, TimeSpan period)
    {
        var clock = Stopwatch.StartNew();
        var asked = ExitAsked.Nobody;
        var lease = TimeSpan.Zero;
        TimeSpan? killAt = null;
        var stragglersToldToGo = false;
        while (!tree.Gone)
        {
            _changed.WaitOne(killAt is { } due ? Shorter(period, due - clock.Elapsed) : period);
            if (tree.Gone) break;
            if (clock.Elapsed - lease >= LeasePeriod)
            {
                lease = clock.Elapsed;
                RenewLease();
            }
            if (killAt is null && ReasonToStop(tree, age + clock.Elapsed) is { } reason)
            {
                asked = reason;
                killAt = clock.Elapsed + (reason == ExitAsked.MemoryLimit ? TimeSpan.Zero : Seconds(_launch.Limits.GraceSeconds));
                if (!tree.StageEnded && tree.StagePid > 0) Posix.Signal(tree.StagePid, Posix.SigTerm);
            }
            if (tree.StageEnded && !stragglersToldToGo)
            {
                stragglersToldToGo = true;
                killAt ??= clock.Elapsed + StragglersGrace;
                ProcessTree.Signal(tree.Members(), Posix.SigTerm);
            }
            if (clock.Elapsed >= killAt)
            {
                ProcessTree.Signal(tree.Members(), Posix.SigKill);
                killAt = clock.Elapsed + KillPeriod;
            }
        }
        return tree.Exit(asked == ExitAsked.Nobody && _memory?.HasKilled() == true ? ExitAsked.MemoryLimit : asked);
    }

    private ExitAsked? ReasonToStop(JobTree tree, TimeSpan age)
    {
        if (IsToldToStop) return Asked();
        if (tree.StageEnded) return null;
        if (age.TotalSeconds >= _launch.Limits.WallSeconds) return ExitAsked.WallLimit;
        if (_memory is null && _launch.MemoryBytes is { } limit && ProcessTree.MemoryOf(tree.Members()) > limit) return ExitAsked.MemoryLimit;
        return null;
    }

    /// <summary>Who wrote the stop request; nobody, if SIGTERM came from outside, as at a shutdown.</summary>
    private ExitAsked Asked() => ShimFolder.Read<StopRequest>(_folder.Stop)?.AskedBy ?? ExitAsked.Nobody;

    /// <summary>The slots; null if the job was stopped before it had them.</summary>
    private TakenSlots? WaitForSlots()
    {
        var slots = new Slots(_launch.Slots, _launch.Machine);
        while (!IsToldToStop)
        {
            if (slots.TryTake(_launch.Cpus, _launch.Gpus) is { } taken) return taken;
            _changed.WaitOne(SlotPeriod * (0.5 + Random.Shared.NextDouble()));
            RenewLease();
        }
        return null;
    }

    private Dictionary<string, string> StageEnvironment(TakenSlots slots)
    {
        var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value ?? "");
        environment[JobFile.EnvironmentVariable] = _folder.Attempt.Job;
        environment["CUDA_VISIBLE_DEVICES"] = string.Join(',', slots.Gpus); // none for a stage that asked for none
        // .NET would stop at three quarters of a control group's limit, with an exception that says nothing of the limit: the kernel shall be what it meets.
        if (_memory is not null) environment.TryAdd("DOTNET_GCHeapHardLimit", (4 * _launch.MemoryBytes!.Value).ToString("X", CultureInfo.InvariantCulture));
        return environment;
    }

    private void RenewLease()
    {
        try
        {
            if (!File.Exists(_folder.Attempt.Lease)) File.WriteAllText(_folder.Attempt.Lease, "");
            File.SetLastWriteTimeUtc(_folder.Attempt.Lease, DateTime.UtcNow);
        }
        catch (IOException) { } // a full or read-only disk must not end the job
    }

    /// <summary>Writes <c>exit.json</c>. On a full disk it waits for room: what is not recorded would be run again.</summary>
    private void Record(ExitRecord exit)
    {
        while (Directory.Exists(_folder.Attempt.Path))
        {
            try
            {
                CrashPoint.Before("shim-exit");
                ShimFolder.Write(_folder.Attempt.Exit, exit);
                CrashPoint.After("shim-exit");
                return;
            }
            catch (IOException)
            {
                _changed.WaitOne(LeasePeriod);
                RenewLease();
            }
        }
    }

    private static ExitRecord NotStarted(int? code, ExitAsked askedBy, string message) =>
        new(code, Signal: null, askedBy, PeakMemoryBytes: 0, CpuSeconds: 0, DateTimeOffset.UtcNow, message);

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => b < TimeSpan.Zero ? TimeSpan.Zero : a < b ? a : b;
}
