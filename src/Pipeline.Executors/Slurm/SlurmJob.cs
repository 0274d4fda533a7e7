namespace Pipeline.Executors.Slurm;

/// <summary>A job as <c>squeue</c> or <c>sacct</c> tells of it.</summary>
/// <param name="Id">Its number. A controller that lost its state gives the same number again.</param>
/// <param name="Name">Its name. Slurm accepts the same one twice.</param>
/// <param name="State">Its state, such as <c>RUNNING</c> or <c>NODE_FAIL</c>.</param>
/// <param name="Reason">Why it waits, or what ended it.</param>
/// <param name="Code">Exit code of its script; null if a signal ended it.</param>
/// <param name="Signal">The signal that ended its script.</param>
/// <param name="Submitted">When it was submitted, or put back into the queue: seconds since 1970.</param>
internal sealed record SlurmJob(long Id, string Name, string State, string Reason, int? Code, int? Signal, long Submitted)
{
    private static readonly HashSet<string> Final =
    [
        "COMPLETED", "FAILED", "CANCELLED", "TIMEOUT", "NODE_FAIL", "OUT_OF_MEMORY", "PREEMPTED", "BOOT_FAIL", "DEADLINE",
        "REVOKED", "LAUNCH_FAILED", "RECONFIG_FAIL",
    ];

    // Requeued jobs and those that a person holds wait as well; both are PENDING by then.
    private static readonly HashSet<string> Waiting = ["PENDING", "CONFIGURING", "REQUEUED", "REQUEUE_HOLD", "REQUEUE_FED", "SPECIAL_EXIT", "RESV_DEL_HOLD"];

    /// <summary>Whether its state will not change any more. COMPLETING hides what the end will be.</summary>
    public bool IsFinal => Final.Contains(State);

    /// <summary>Whether it waits for its turn.</summary>
    public bool IsWaiting => Waiting.Contains(State);

    /// <summary>Whether it is held, as every job is between its submission and the record of its number.</summary>
    public bool IsHeld => State == "PENDING" && Reason == "JobHeldUser";

    /// <summary>What <c>sbatch</c> leaves behind when it refuses a job: a record under its name that never was in the queue.</summary>
    public bool WasRefused => State == "FAILED" && Reason == "BadConstraints";

    /// <summary>What a signal and a code make of the kernel's wait status, 7 x 256 for an exit with 7, 9 for SIGKILL.</summary>
    public static (int? Code, int? Signal) Decode(int waitStatus) => (waitStatus & 0x7f) switch
    {
        0 => (waitStatus >> 8, null),
        var signal => (null, signal),
    };
}
