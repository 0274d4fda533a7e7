using Pipeline.Engine;
using Pipeline.Engine.Attempts;
using Pipeline.Engine.Folders;
using Pipeline.Engine.Loop;
using Pipeline.Engine.Ports;
using Pipeline.Engine.Runs;
using Pipeline.Engine.Scheduling;
using Serilog.Core;

namespace Pipeline.Benchmarks.Durability;

/// <summary>An engine at work from its construction until it is disposed of, which leaves the jobs running.</summary>
internal sealed class WorkingEngine : IAsyncDisposable
{
    private readonly CancellationTokenSource _detach = new();
    private readonly RunEngine _engine;
    private readonly Task _work;

    public WorkingEngine(StateFolder state, IRunStore store, IExecutor executor)
    {
        _engine = new RunEngine(
            new EngineSettings { State = state }, store, executor, new QuartzAttemptScheduler(TimeProvider.System),
            new DiskRunFiles(), TimeProvider.System, Logger.None);
        Client = new RunClient(store, TimeProvider.System, Random.Shared);
        _work = _engine.Run(_detach.Token);
    }

    /// <summary>What people ask of runs.</summary>
    public RunClient Client { get; }

    /// <summary>Waits until the run is over.</summary>
    public async Task Complete(string run)
    {
        await foreach (var _ in Client.Follow(run)) { }
    }

    /// <summary>Waits until the run is as wanted.</summary>
    public async Task<RunState> Until(string run, Func<RunState, bool> wanted)
    {
        while (true)
        {
            if (_work.IsCompleted) await _work; // it failed
            if (await Client.State(run) is var state && wanted(state)) return state;
            await Task.Delay(20);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _detach.CancelAsync();
        await _work;
        _engine.Dispose();
        _detach.Dispose();
    }
}
