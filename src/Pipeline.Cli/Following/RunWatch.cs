using Pipeline.Cli.Commands;
using Pipeline.Cli.Hosting;
using Pipeline.Cli.Output;
using Pipeline.Cli.Places;
using Pipeline.Engine.Runs;

namespace Pipeline.Cli.Following;

/// <summary>Looks on until a run is over; moves nothing, so leaving it leaves the run as it is.</summary>
internal sealed class RunWatch(IRunPlace place, Terminal terminal)
{
    private static readonly TimeSpan TickInterval = TimeSpan.FromSeconds(1);

    /// <summary>Shows the run until its end.</summary>
    /// <returns>The exit code that tells how it ended.</returns>
    public Task<int> UntilOver(string word)
    {
        var progress = new StageProgress(place.Live, TimeProvider.System);
        return UntilOver(word, terminal.IsInteractive
            ? new LiveDisplay(terminal.Ansi, progress)
            : new PlainDisplay(terminal.Out, progress, TimeProvider.System));
    }

    /// <summary>Prints the run's journal as it grows, a line of JSON an event, from its beginning.</summary>
    /// <inheritdoc cref="UntilOver(string)"/>
    public async Task<int> PrintJournal(string word)
    {
        using var detachment = new Detachment();
        var run = await place.Run(word);
        RunState? state = null;
        try
        {
            await foreach (var fact in place.Follow(run.Run, after: 0, detachment.Token))
            {
                state = state is null ? RunState.Fold([fact]) : state.Apply(fact);
                terminal.Out.WriteLine(JournalJson.Write(fact));
            }
        }
        catch (OperationCanceledException) when (detachment.Token.IsCancellationRequested) { }
        return state is { Over: true } ? RunEnd.ExitCodeOf(state) : ExitCode.Detached;
    }

    private async Task<int> UntilOver(string word, IRunDisplay display)
    {
        var state = await place.Run(word);
        terminal.Out.WriteLine($"run {state.Run} in {place.Whereabouts(state.Run)}");
        using var detachment = new Detachment();
        if (state.Over) display.Tick(state);
        else await display.While(Follow(), () => state);
        terminal.Out.WriteLine(state.Over
            ? $"run {state.Run} {Json.Word(state.Phase)}; `pipeline status {state.Run}` shows its stages."
            : $"run {state.Run} goes on.");
        return state.Over ? RunEnd.ExitCodeOf(state) : ExitCode.Detached;

        async Task Follow()
        {
            using var ticker = new PeriodicTimer(TickInterval);
            var ticks = Tick(ticker);
            try
            {
                await foreach (var fact in place.Follow(state.Run, state.Sequence, detachment.Token))
                {
                    state = state.Apply(fact);
                    display.Happened(fact, state);
                }
            }
            catch (OperationCanceledException) when (detachment.Token.IsCancellationRequested) { }
            finally { ticker.Dispose(); }
            await ticks;
        }

        async Task Tick(PeriodicTimer ticker)
        {
            while (await ticker.WaitForNextTickAsync(CancellationToken.None)) display.Tick(state);
        }
    }
}
