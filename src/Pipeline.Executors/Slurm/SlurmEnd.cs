using Pipeline.Protocol.Jobs;

namespace Pipeline.Executors.Slurm;

/// <summary>What Slurm's last word about a job adds to the record that the job itself has left, or says in its place.</summary>
internal static class SlurmEnd
{
    /// <summary>
    /// Whether the job's own record leaves open why it ended: it was killed, or told to stop, and does not know by whom.
    /// </summary>
    public static bool LeavesOpen(ExitRecord exit) =>
        exit.AskedBy == ExitAsked.Nobody && (exit.Signal is not null || exit.Code == StageExit.Interrupted);

    /// <summary>How the job ended.</summary>
    /// <param name="job">Slurm's last word.</param>
    /// <param name="exit">The record that the job has left; null if it left none.</param>
    /// <param name="askedBy">On whose behalf we asked it to stop; null if we did not.</param>
    public static ExitRecord Of(SlurmJob job, ExitRecord? exit, ExitAsked? askedBy)
    {
        var seen = exit ?? new ExitRecord(null, null, askedBy ?? ExitAsked.Nobody, 0, 0, DateTimeOffset.UtcNow);
        return job.State switch
        {
            "OUT_OF_MEMORY" => seen with
            {
                AskedBy = ExitAsked.MemoryLimit,
                Message = $"Slurm job {job.Id} met its memory limit; raise resources.memory or lower the batch size.",
            },
            // It was warned and has made its checkpoint in time: that is an interruption.
            "TIMEOUT" or "DEADLINE" when exit?.Code == StageExit.Interrupted => seen,
            "TIMEOUT" or "DEADLINE" => seen with
            {
                AskedBy = askedBy ?? ExitAsked.WallLimit,
                Message = $"Slurm killed job {job.Id} at its time limit; raise resources.timeout or slurm.time, or see why it did not stop when it was warned.",
            },
            // Nobody's fault, so it does not count; what was not in a checkpoint is done again.
            "PREEMPTED" => seen with
            {
                Code = StageExit.Interrupted,
                Signal = null,
                Message = $"Slurm job {job.Id} was preempted{(exit?.Code == StageExit.Interrupted ? " after a checkpoint" : "")}.",
            },
            // We stop jobs by name of a reason. Whoever used scancel wanted an end, not another attempt.
            "CANCELLED" => seen with
            {
                AskedBy = askedBy ?? ExitAsked.Cancel,
                Message = askedBy is null ? $"Slurm job {job.Id} was cancelled by scancel, not by the pipeline; `pipeline resume` goes on." : null,
            },
            "COMPLETED" or "FAILED" => exit ?? WithoutRecord(job, seen),
            _ => seen with { Message = $"Slurm job {job.Id} ended as {job.State}: its node was lost." },
        };
    }

    private static ExitRecord WithoutRecord(SlurmJob job, ExitRecord seen) => job switch
    {
        { Code: JobScript.FolderMissing } => seen with
        {
            Code = StageExit.Config,
            Message = $"Slurm job {job.Id} did not find its attempt's folder: the state folder must lie on a file system that every node shares.",
        },
        { Code: JobScript.BegunBefore } => seen with
        {
            Message = $"Slurm job {job.Id} was started a second time, which is left to the pipeline: an earlier copy may still be at work in its folder.",
        },
        { Signal: CannotOpenOutput } => seen with
        {
            Message = $"Slurm could not start job {job.Id} because it cannot write its logs: does the node see the state folder?",
        },
        _ => seen with { Code = job.Code, Signal = job.Signal },
    };

    // Slurm tells that it could not launch a job by the number of a signal that is none.
    private const int CannotOpenOutput = 53;
}
