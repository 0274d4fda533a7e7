using Pipeline.Engine.Folders;
using Pipeline.Engine.Loop;
using Pipeline.Engine.Ports;
using Serilog.Core;

namespace Pipeline.Engine.Tests.Simulation;

/// <summary>A real engine in the virtual world. Its intervals are long, which makes the story shorter to tell.</summary>
internal static class SimulatedEngine
{
    public static RunEngine Of(
        StateFolder state, VirtualWorld world, SimulatedMachine machine, VirtualProcess process, Chaos chaos, IRunStore store) => new(
        new EngineSettings
        {
            State = state,
            Cpus = 2,
            PollInterval = TimeSpan.FromSeconds(1),
            JournalInterval = TimeSpan.FromSeconds(2),
            FolderInterval = TimeSpan.FromSeconds(5),
            StallAfter = TimeSpan.FromSeconds(60),
        },
        store,
        new SimulatedExecutor(machine, process, chaos),
        new SimulatedScheduler(world),
        new SimulatedFiles(machine, process),
        world,
        Logger.None);
}
