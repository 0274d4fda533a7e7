using System.Reflection;
using System.Runtime.InteropServices;
using Pipeline.Engine.Folders;
using Pipeline.Engine.Ports;
using Pipeline.Engine.Runs;
using Pipeline.Server.Access;
using Pipeline.Server.Control;
using Pipeline.Server.Runs;

namespace Pipeline.Server.Machine;

/// <summary>The machine over HTTP.</summary>
internal static class MachineEndpoint
{
    public static void MapMachine(this IEndpointRouteBuilder api) => api
        .MapGet("/system", Show)
        .WithSummary("Versions, machine, disk, the engine, and the jobs that wait or work.");

    private static async Task<MachineView> Show(IRunStore store, RunCatalog runs, RunViews views, StateFiles files, HttpContext context)
    {
        var jobs = new List<JobView>();
        foreach (var summary in await store.Unfinished())
        {
            var state = (await runs.Find(summary.Run)).State;
            jobs.AddRange(state.Stages.Where(stage => stage.Last is { Alive: true }).Select(stage => Job(state, stage, views)));
        }
        var engine = EngineLock.Holder(files.State);
        var disk = new DriveInfo(files.State.Path);
        return new(
            Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion,
            RuntimeInformation.FrameworkDescription,
            $"{RuntimeInformation.OSDescription} ({RuntimeInformation.OSArchitecture})",
            Environment.MachineName,
            Environment.ProcessorCount,
            GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
            files.State.Path,
            disk.AvailableFreeSpace,
            disk.TotalSize,
            engine is null ? null : new EngineView(engine.Host, engine.Pid, engine.Started, EngineWatch.IsAtWork(files.State)),
            jobs,
            AccessGate.TokenOf(context)?.Role,
            context.RequestServices.GetService<IRunControl>()?.Schedules ?? []);
    }

    private static JobView Job(RunState state, StageState stage, RunViews views)
    {
        var attempt = stage.Last!;
        return new(
            state.Run, stage.Instance, attempt.Number, attempt.Phase == AttemptPhase.Intended, attempt.Started ?? attempt.Intent.Time,
            stage.Stage.Resources.Cpus, stage.Stage.Resources.MemoryBytes, views.Progress(state.Run, stage)?.Age);
    }
}
