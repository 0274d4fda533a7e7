using System.Globalization;
using Pipeline.Cli.Output;
using Pipeline.Engine.Runs;
using Pipeline.Protocol.Jobs;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Pipeline.Cli.Following;

/// <summary>For a person at a terminal: a line a stage, with bar, reward so far, rate and time left, drawn over itself.</summary>
internal sealed class LiveDisplay(IAnsiConsole console, StageProgress progress) : IRunDisplay
{
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(200);
    private const int BarWidth = 20;
    private const int CurveWidth = 24;

    /// <inheritdoc/>
    public void Happened(JournalEvent fact, RunState state)
    {
        // The table shows the rest; these would be gone with the next frame.
        if (fact is AlarmRaised or AttemptFailed or AttemptAttached or ApprovalRequested && EventText.Of(fact, state) is { } text) console.WriteLine(text);
    }

    /// <inheritdoc/>
    public void Tick(RunState state) { }

    /// <inheritdoc/>
    public async Task While(Task following, Func<RunState> state)
    {
        await console.Live(Draw(state())).AutoClear(false).StartAsync(async live =>
        {
            while (!following.IsCompleted)
            {
                live.UpdateTarget(Draw(state()));
                await Task.WhenAny(following, Task.Delay(Frame));
            }
            live.UpdateTarget(Draw(state()));
        });
        await following;
    }

    /// <summary>The table of a run.</summary>
    public IRenderable Draw(RunState state)
    {
        var table = new Table().Border(TableBorder.None).HideHeaders().AddColumns(
            new TableColumn("").NoWrap(), new TableColumn("").NoWrap(), new TableColumn("").Width(BarWidth).NoWrap(), new TableColumn("").NoWrap(), new TableColumn("").NoWrap());
        foreach (var stage in state.Stages)
        {
            var heartbeat = progress.Of(state, stage);
            table.AddRow(
                new Markup(Mark(stage)),
                new Text(stage.Instance),
                heartbeat is null ? new Text("") : Bar(heartbeat),
                heartbeat is null ? new Text("") : Curve(progress.Rewards(state, stage)),
                new Text(Remark(stage, heartbeat)).Overflow(Overflow.Ellipsis));
        }
        return table;
    }

    private static string Mark(StageState stage) => stage.Phase switch
    {
        StagePhase.Succeeded => "[green]done[/]",
        StagePhase.Cached => "[green]cached[/]",
        StagePhase.Active => "[blue]runs[/]",
        StagePhase.Failed => "[red]failed[/]",
        StagePhase.Retrying => "[yellow]retries[/]",
        StagePhase.AwaitingApproval => "[yellow]asks[/]",
        _ => $"[grey]{Json.Word(stage.Phase)}[/]",
    };

    private static Markup Bar(Heartbeat heartbeat)
    {
        var done = (int)Math.Round(BarWidth * ProgressText.Share(heartbeat));
        return new Markup($"[blue]{new string('━', done)}[/][grey]{new string('━', BarWidth - done)}[/]");
    }

    private static Text Curve(IReadOnlyList<double> rewards) => rewards.Count < 2
        ? new Text("")
        : new Text(string.Create(CultureInfo.InvariantCulture, $"{Sparkline.Of(rewards, CurveWidth)} {rewards[^1]:0.00}"), new Style(Color.Green));

    private string Remark(StageState stage, Heartbeat? heartbeat) => stage switch
    {
        { Phase: StagePhase.Active, Last.Phase: AttemptPhase.Intended } => progress.Waiting(stage),
        { Phase: StagePhase.Active } when heartbeat is not null => ProgressText.Of(heartbeat, progress.Rate(stage, heartbeat)),
        { Phase: StagePhase.Active } => "loading",
        { Phase: StagePhase.Succeeded, Last: { Started: { } started, Ended: { } ended } } => Durations.Text(ended - started),
        { Phase: StagePhase.Failed, Reason: null, Last.Failure: { } failure } => Printable.Line(failure.Message),
        { Phase: StagePhase.Retrying, RetryAt: { } at } => $"attempt {stage.NextAttempt} at {at.ToLocalTime():HH:mm:ss}",
        { Reason: { } reason } => Printable.Line(reason),
        _ => "",
    };
}
