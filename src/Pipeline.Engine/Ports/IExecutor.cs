using Pipeline.Protocol.Jobs;
using Pipeline.Spec.Resolved;

namespace Pipeline.Engine.Ports;

/// <summary>
/// Runs jobs: processes of this machine, or of a cluster. Its verbs are few, idempotent and do not wait for the job.
/// </summary>
/// <remarks>
/// Unreachable is not dead: a job that cannot be asked about is <see cref="JobPhase.Unknown"/>, never
/// <see cref="JobPhase.Gone"/>. A job lives on when the engine that submitted it ends.
/// </remarks>
public interface IExecutor
{
    /// <summary>
    /// Hands over a job. A second submission under the same name does nothing, also after a crash and from another
    /// process. The attempt's folder and its <c>job.json</c> must exist.
    /// </summary>
    /// <exception cref="ExecutorException">The job cannot be started, and why; nothing was started.</exception>
    Task Submit(JobRequest job, CancellationToken cancellation);

    /// <summary>Where each of <paramref name="jobs"/> stands, all in one call. Every name asked for is in the answer.</summary>
    Task<IReadOnlyDictionary<string, JobStatus>> Poll(IReadOnlyCollection<JobHandle> jobs, CancellationToken cancellation);

    /// <summary>
    /// Asks a job to end: SIGTERM at once ("checkpoint and exit"), SIGKILL of the whole tree after its grace time. A job
    /// that waits is taken out of the queue; one that is gone or unknown by name is left alone.
    /// </summary>
    Task Stop(JobHandle job, ExitAsked askedBy, CancellationToken cancellation);
}

/// <summary>How an executor finds a job again.</summary>
/// <param name="Name">Its name: run, instance and attempt; unique for all time.</param>
/// <param name="Folder">The attempt's folder.</param>
/// <param name="Executor">Which executor has it.</param>
public sealed record JobHandle(string Name, AttemptFolder Folder, ExecutorName Executor = ExecutorName.Local);

/// <summary>A job to be run.</summary>
/// <param name="Handle">Its name and folder.</param>
/// <param name="Program">Program and arguments, absolute.</param>
/// <param name="Environment">Variables added to the environment.</param>
/// <param name="Resources">What it takes; <see cref="StageResources.Cpus"/> is resolved.</param>
/// <param name="Limits">Its time limits.</param>
/// <param name="WorkingFolder">Where the program starts; null: in the attempt's folder.</param>
/// <param name="Slurm">What Slurm is told beside; null for other executors.</param>
/// <param name="Priority">Of jobs that wait, those with the higher number start first.</param>
public sealed record JobRequest(
    JobHandle Handle,
    IReadOnlyList<string> Program,
    IReadOnlyDictionary<string, string> Environment,
    StageResources Resources,
    JobLimits Limits,
    string? WorkingFolder = null,
    SlurmSettings? Slurm = null,
    int Priority = 0);

/// <summary>Where a job stands.</summary>
/// <param name="Phase">Its phase.</param>
/// <param name="Exit">How it ended, in phase <see cref="JobPhase.Exited"/>.</param>
/// <param name="Detail">What a person should know, such as why it waits.</param>
public sealed record JobStatus(JobPhase Phase, ExitRecord? Exit = null, string? Detail = null);

/// <summary>The phases of a job.</summary>
/// <remarks>
/// <code>
/// Absent -> Queued -> Running -> Exited     (exit.json tells how)
///                        |  '--> Gone       (no exit record and verified dead: power cut, kill -9 of shim and job)
///                        '----> Unknown     (cannot be asked now; ask again)
/// </code>
/// </remarks>
public enum JobPhase
{
    /// <summary>Never submitted: safe to submit.</summary>
    Absent,

    /// <summary>Submitted, waits for slots.</summary>
    Queued,

    /// <summary>Alive.</summary>
    Running,

    /// <summary>Ended, the whole process tree; the exit record says how.</summary>
    Exited,

    /// <summary>Positively dead without an exit record.</summary>
    Gone,

    /// <summary>Cannot be told at the moment; nothing may be concluded.</summary>
    Unknown,
}

/// <summary>A job could not be started.</summary>
/// <param name="code">Stable code.</param>
/// <param name="message">What, where, what to try.</param>
public sealed class ExecutorException(string code, string message) : Exception(message)
{
    /// <summary>Stable code.</summary>
    public string Code { get; } = code;
}
