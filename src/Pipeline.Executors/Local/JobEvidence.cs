using Pipeline.Engine.Ports;
using Pipeline.Protocol.Jobs;

namespace Pipeline.Executors.Local;

/// <summary>What an attempt's folder and <c>/proc</c> prove about a job.</summary>
/// <param name="Status">Where it stands.</param>
/// <param name="NeedsShim">The stage lives but its shim was killed: another one must take over.</param>
internal readonly record struct JobEvidence(JobStatus Status, bool NeedsShim = false)
{
    /// <summary>Looks.</summary>
    public static JobEvidence Gather(AttemptFolder folder)
    {
        if (Exited(folder) is { } exited) return exited;
        if (ShimFolder.Read<ShimRecord>(new ShimFolder(folder).Shim) is not { } record) return new(new(JobPhase.Absent));
        if (!record.Shim.IsOfThisMachine) return new(Elsewhere(folder));
        if (record.Shim.IsAlive)
            return new(record.Started is null ? new(JobPhase.Queued, Detail: "waits for processors") : new(JobPhase.Running));

        // A dead shim may have written its record just before; if not, it was killed, and the stage may live.
        if (Exited(folder) is { } exitedMeanwhile) return exitedMeanwhile;
        if (record.Stage is { IsAlive: true } || ProcessTree.OfJob(folder).Count > 0)
            return new(new(JobPhase.Running, Detail: "its shim was killed; another one takes over"), NeedsShim: true);
        return new(OrphanTree.IsDone(folder)
            ? new(JobPhase.Exited, OrphanTree.Afterwards(folder, ExitAsked.Nobody))
            : new(JobPhase.Gone, Detail: "shim and stage were killed"));
    }

    private static JobEvidence? Exited(AttemptFolder folder) =>
        ShimFolder.Read<ExitRecord>(folder.Exit) is { } exit ? new(new(JobPhase.Exited, exit)) : null;

    /// <summary>The shim ran on another machine, in another container, or before a reboot: only its lease tells of it.</summary>
    private static JobStatus Elsewhere(AttemptFolder folder)
    {
        return Lease.IsFresh(folder)
            ? new(JobPhase.Unknown, Detail: "started on another machine or before a reboot; its lease has not run out")
            : new(JobPhase.Gone, Detail: "started on another machine or before a reboot; its lease has run out");
    }
}
