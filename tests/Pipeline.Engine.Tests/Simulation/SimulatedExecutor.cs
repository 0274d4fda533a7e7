using Pipeline.Engine.Ports;
using Pipeline.Protocol.Jobs;

namespace Pipeline.Engine.Tests.Simulation;

/// <summary>The machine as one engine reaches it: requests and answers get lost, and the engine may be killed around each.</summary>
internal sealed class SimulatedExecutor(SimulatedMachine machine, VirtualProcess engine, Chaos chaos) : IExecutor
{
    private const double Killed = 0.01, Lost = 0.03;

    public async Task Submit(JobRequest job, CancellationToken cancellation)
    {
        await Reach();
        if (chaos.Hits(Lost)) throw new TimeoutException("The request was lost.");
        machine.Submit(job);
        if (chaos.Hits(Lost)) throw new TimeoutException("The answer was lost.");
        await Reach();
    }

    public async Task<IReadOnlyDictionary<string, JobStatus>> Poll(IReadOnlyCollection<JobHandle> jobs, CancellationToken cancellation)
    {
        if (engine.IsDead) await engine.Kill();
        if (chaos.Hits(Lost)) throw new TimeoutException("The answer was lost.");
        return jobs.ToDictionary(job => job.Name, job => chaos.Hits(Lost)
            ? new JobStatus(JobPhase.Unknown)
            : machine.Find(job.Name) is { } found ? new JobStatus(found.Phase, found.Exit) : new JobStatus(JobPhase.Absent));
    }

    public async Task Stop(JobHandle job, ExitAsked askedBy, CancellationToken cancellation)
    {
        await Reach();
        if (chaos.Hits(Lost)) throw new TimeoutException("The request was lost.");
        machine.Stop(job.Name, askedBy);
        await Reach();
    }

    private Task Reach() => engine.IsDead || chaos.Hits(Killed) ? engine.Kill() : Task.CompletedTask;
}
