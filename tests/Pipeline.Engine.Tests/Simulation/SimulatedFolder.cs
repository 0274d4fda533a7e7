using Pipeline.Protocol.Jobs;

namespace Pipeline.Engine.Tests.Simulation;

/// <summary>What lies in the folder of a simulated attempt.</summary>
internal sealed class SimulatedFolder
{
    public JobFile? Job { get; set; }
    public List<StageEvent> Events { get; } = [];
    public Heartbeat? Heartbeat { get; set; }
    public DateTimeOffset HeartbeatWritten { get; set; }
    public ResultFile? Result { get; set; }

    /// <summary>Steps of the checkpoints, and whether they are damaged.</summary>
    public SortedDictionary<long, bool> Checkpoints { get; } = [];
}
