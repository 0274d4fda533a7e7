using Pipeline.Cli.Hosting;
using Pipeline.Engine.Runs;

namespace Pipeline.Cli.Following;

/// <summary>
/// Stays with a run until it is over, and is its engine as long as no other process is: the first command in a state
/// folder does the work, later ones only watch, and take over when it goes.
/// </summary>
internal sealed class RunFollower(Workspace workspace, IRunDisplay display)
{
    private static readonly TimeSpan TickInterval = TimeSpan.FromSeconds(1);

    /// <summary>Waits for the end of <paramref name="run"/>.</summary>
    /// <returns>Its last state; not over if the follower was told to detach.</returns>
    public async Task<RunState> UntilOver(string run, CancellationToken detach)
    {
        var past = await workspace.Store.Read(run);
        var state = RunState.Fold(past);
        display.Began(past);
        if (state.Over) return state;
        using var done = CancellationTokenSource.CreateLinkedTokenSource(detach);
        var work = LocalEngine.Work(workspace, done.Token);
        var following = Follow();
        // Our engine ends before the run does if it cannot read or write the journal, and says so below.
        await display.While(Task.WhenAny(following, work), () => state);
        await done.CancelAsync();
        await Task.WhenAll(following, work);
        return state;

        async Task Follow()
        {
            using var ticker = new PeriodicTimer(TickInterval);
            var ticks = Tick(ticker);
            try
            {
                await foreach (var fact in workspace.Client.Follow(run, state.Sequence, done.Token))
                {
                    state = state.Apply(fact);
                    display.Happened(fact, state);
                }
            }
            catch (OperationCanceledException) when (done.IsCancellationRequested) { }
            ticker.Dispose();
            await ticks;
        }

        async Task Tick(PeriodicTimer ticker)
        {
            while (await ticker.WaitForNextTickAsync(CancellationToken.None)) display.Tick(state);
        }
    }
}
