namespace Pipeline.Engine.Runs;

/// <summary>Where a run stands, and so what happens next.</summary>
/// <remarks>
/// <code>
/// Running ----> Succeeded
///   |  '------> Failed ------.
///   '-> Cancelling -> Cancelled -- resume --> Running
/// </code>
/// </remarks>
public enum RunPhase
{
    /// <summary>Stages are started and watched.</summary>
    Running,

    /// <summary>Nothing more is started, jobs are being stopped; becomes <see cref="Cancelled"/> when all are gone.</summary>
    Cancelling,

    /// <summary>Every stage is done. Final.</summary>
    Succeeded,

    /// <summary>Nothing could go on. Final unless resumed.</summary>
    Failed,

    /// <summary>A person ended it. Final unless resumed.</summary>
    Cancelled,
}

/// <summary>Where a stage of a run stands, and so what happens next.</summary>
/// <remarks>
/// <code>
/// Pending -> Active -> Succeeded
///   | |        |  '--> Failed, Cancelled -- resume --> Pending
///   | |        '-> Retrying -> Active
///   | '-> AwaitingApproval -> Pending, Failed
///   '---> Cached, Skipped, Blocked
/// </code>
/// </remarks>
public enum StagePhase
{
    /// <summary>Starts as soon as the stages it needs are done.</summary>
    Pending,

    /// <summary>Waits for a person's answer.</summary>
    AwaitingApproval,

    /// <summary>Its last attempt has not ended: it is submitted if the executor does not know it, then watched.</summary>
    Active,

    /// <summary>Its last attempt failed; the next starts at <see cref="StageState.RetryAt"/>.</summary>
    Retrying,

    /// <summary>Done; those that need it may start.</summary>
    Succeeded,

    /// <summary>Done, by the outputs of an earlier attempt; those that need it may start.</summary>
    Cached,

    /// <summary>Left out; those that need it may start.</summary>
    Skipped,

    /// <summary>No further attempt follows unless the run is resumed; those that need it are blocked.</summary>
    Failed,

    /// <summary>Never starts unless the run is resumed, because a stage that it needs failed.</summary>
    Blocked,

    /// <summary>
    /// Ended, or never started, because the run was cancelled or another instance of the stage failed; starts again if
    /// the run is resumed.
    /// </summary>
    Cancelled,
}

/// <summary>Where an attempt stands, and so what happens next. It never leaves the last two.</summary>
public enum AttemptPhase
{
    /// <summary>Committed to be launched: may wait in the executor's queue, or may be unknown to it after a crash.</summary>
    Intended,

    /// <summary>Its job was seen alive; it is watched until there is evidence of its end.</summary>
    Running,

    /// <summary>Its outputs are the stage's outputs.</summary>
    Succeeded,

    /// <summary>It ended otherwise; <see cref="AttemptState.Failure"/> says how.</summary>
    Failed,
}
