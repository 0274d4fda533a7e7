using Pipeline.Engine.Ports;
using Pipeline.Protocol.Jobs;

namespace Pipeline.Engine.Tests.Simulation;

/// <summary>A job on the simulated machine.</summary>
internal sealed class SimulatedJob(JobRequest request, SimulatedFolder folder, Ending ending)
{
    public JobRequest Request => request;
    public SimulatedFolder Folder => folder;
    public JobFile File => folder.Job!;
    public Ending Ending => ending;
    public JobPhase Phase { get; set; } = JobPhase.Queued;
    public ExitRecord? Exit { get; set; }
    public bool IsAlive => Phase is JobPhase.Queued or JobPhase.Running;
    public (string Run, string Instance) Stage => (File.Run, File.Instance);
}
