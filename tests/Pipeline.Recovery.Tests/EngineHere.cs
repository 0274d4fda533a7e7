using Pipeline.Engine;
using Pipeline.Engine.Attempts;
using Pipeline.Engine.Folders;
using Pipeline.Engine.Loop;
using Pipeline.Engine.Ports;
using Pipeline.Engine.Runs;
using Pipeline.Engine.Scheduling;
using Pipeline.Executors;
using Pipeline.Executors.Local;
using Pipeline.Executors.Slurm;
using Pipeline.Protocol.Jobs;
using Pipeline.Spec.Resolved;
using Pipeline.Store;
using Serilog.Core;

namespace Pipeline.Recovery.Tests;

/// <summary>
/// The next engine, in the process of the tests: what <c>pipeline resume</c> does without the second that its start takes.
/// </summary>
internal static class EngineHere
{
    /// <summary>Resumes the newest run of a state folder and carries it to its end.</summary>
    /// <param name="path">The state folder.</param>
    /// <param name="environment">Variables for the jobs.</param>
    public static async Task<RunState> Finish(string path, IReadOnlyDictionary<string, string> environment)
    {
        var state = StateFolder.Open(path);
        using var held = EngineLock.TryTake(state) ?? throw new InvalidOperationException($"{EngineLock.Holder(state)} works in {path}.");
        using var store = SqliteRunStore.OpenForEngine(state.Journal);
        var client = new RunClient(store, TimeProvider.System, Random.Shared);
        var run = (await store.Newest(1)).Single().Run;
        if (await client.State(run) is { Phase: RunPhase.Failed or RunPhase.Cancelled }) await client.Resume(run, new RunResumed());

        string[] shim = [.. DotnetHost.Command(Path.Combine(AppContext.BaseDirectory, "pipeline.dll")), "shim"];
        var executors = new ExecutorsByName(new Dictionary<ExecutorName, IExecutor>
        {
            [ExecutorName.Local] = new LocalExecutor(LocalMachine.SlotFolder(path), shim, LocalMachine.Detect()),
            [ExecutorName.Slurm] = new SlurmExecutor(),
        });
        var executor = new WithEnvironment(executors, environment);
        using var engine = new RunEngine(new EngineSettings { State = state }, store, new LockedExecutor(executor, held),
            new QuartzAttemptScheduler(TimeProvider.System), new DiskRunFiles(), TimeProvider.System, Logger.None);
        using var detach = new CancellationTokenSource();
        var work = engine.Run(detach.Token);
        var followed = Task.Run(async () => { await foreach (var _ in client.Follow(run, cancellation: detach.Token)) { } });
        await (await Task.WhenAny(work, followed)); // an engine that fails ends the story
        await detach.CancelAsync();
        await work;
        return await client.State(run);
    }

    private sealed class WithEnvironment(IExecutor executor, IReadOnlyDictionary<string, string> environment) : IExecutor
    {
        public Task Submit(JobRequest job, CancellationToken cancellation) => executor.Submit(job with { Environment = environment }, cancellation);

        public Task<IReadOnlyDictionary<string, JobStatus>> Poll(IReadOnlyCollection<JobHandle> jobs, CancellationToken cancellation) =>
            executor.Poll(jobs, cancellation);

        public Task Stop(JobHandle job, ExitAsked askedBy, CancellationToken cancellation) => executor.Stop(job, askedBy, cancellation);
    }
}
