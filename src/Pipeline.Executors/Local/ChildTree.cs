using Pipeline.Protocol.Jobs;

namespace Pipeline.Executors.Local;

/// <summary>
/// The tree of a stage that this process has started. As its subreaper we are the parent of every orphan in it, so when
/// there is no child left to wait for, the tree is gone.
/// </summary>
internal sealed class ChildTree : JobTree
{
    private volatile bool _stageEnded, _gone;
    private int _stageStatus;
    private long _stagePeakBytes;
    private double _cpuSeconds;

    /// <summary>Starts the stage and a thread that waits for the end of it and its descendants.</summary>
    /// <param name="program">Program and arguments.</param>
    /// <param name="environment">Its whole environment.</param>
    /// <param name="changed">Set when the stage or the tree has ended.</param>
    /// <exception cref="IOException">It cannot be started, and why.</exception>
    public ChildTree(IReadOnlyList<string> program, IReadOnlyDictionary<string, string> environment, AutoResetEvent changed)
    {
        StagePid = Posix.Spawn(program, environment);
        new Thread(() => Reap(changed)) { IsBackground = true, Name = "reaper" }.Start();
    }

    public override int StagePid { get; }

    public override bool StageEnded => _stageEnded;

    public override bool Gone => _gone;

    public override IReadOnlyList<int> Members() => ProcessTree.Below(Environment.ProcessId);

    public override ExitRecord Exit(ExitAsked askedBy)
    {
        // The layout of a wait status: low seven bits are the signal, zero for an exit, whose code lies above.
        var signal = _stageStatus & 0x7f;
        return new(
            Code: signal == 0 ? (_stageStatus >> 8) & 0xff : null,
            Signal: signal == 0 ? null : signal,
            askedBy, _stagePeakBytes, _cpuSeconds, DateTimeOffset.UtcNow);
    }

    private void Reap(AutoResetEvent changed)
    {
        while (Posix.WaitForAny(out var pid, out var status, out var cpuSeconds, out var peakBytes))
        {
            _cpuSeconds += cpuSeconds;
            if (pid != StagePid) continue;
            (_stageStatus, _stagePeakBytes) = (status, peakBytes);
            _stageEnded = true;
            changed.Set();
        }
        _gone = true;
        changed.Set();
    }
}
