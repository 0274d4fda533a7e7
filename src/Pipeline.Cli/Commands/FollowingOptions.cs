using System.CommandLine;
using Pipeline.Cli.Following;
using Pipeline.Cli.Hosting;
using Pipeline.Cli.Output;
using Pipeline.Engine.Attempts;
using Pipeline.Engine.Notifying;

namespace Pipeline.Cli.Commands;

/// <summary>What <c>run</c>, <c>resume</c> and <c>cancel</c> have in common: they stay with a run until it is over.</summary>
internal sealed class FollowingOptions
{
    private readonly Option<bool> _detach = new("--detach", "-d") { Description = "Return at once; the run goes on in the background." };
    private readonly Option<bool> _json = new("--json");

    /// <param name="command">The command.</param>
    /// <param name="canDetach">Whether it may return before the run is over.</param>
    /// <param name="json">What <c>--json</c> prints, for its help.</param>
    public FollowingOptions(
        Command command, bool canDetach = true, string json = "Print the run's journal as it grows, a line of JSON an event, and nothing else; with --detach its id.")
    {
        _json.Description = json;
        if (canDetach) command.Options.Add(_detach);
        command.Options.Add(_json);
    }

    /// <summary>Whether to print facts alone.</summary>
    public bool AsJson(ParseResult parsed) => parsed.GetValue(_json);

    /// <summary>Whether to return at once.</summary>
    public bool Detached(ParseResult parsed) => parsed.GetValue(_detach);

    /// <summary>Stays with <paramref name="run"/>, or leaves it to the background.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> Follow(ParseResult parsed, Workspace workspace, string run, Terminal terminal)
    {
        if (Detached(parsed))
        {
            BackgroundEngine.Start(workspace.Folder);
            if (AsJson(parsed)) Json.Write(terminal, new { Run = run });
            else terminal.Out.WriteLine(run);
            terminal.Error.WriteLine(ComeBack(run));
            return ExitCode.Done;
        }
        return await UntilOver(workspace, run, AsJson(parsed), terminal);
    }

    private static async Task<int> UntilOver(Workspace workspace, string run, bool json, Terminal terminal)
    {
        if (!json) terminal.Out.WriteLine($"run {run} in {workspace.Folder.Path}");
        using var detachment = new Detachment();
        var progress = new StageProgress(new DiskLiveFacts(new DiskRunFiles(), workspace.Folder.Path), TimeProvider.System);
        IRunDisplay display = json ? new JournalDisplay(terminal.Out)
            : terminal.IsInteractive ? new LiveDisplay(terminal.Ansi, progress)
            : new PlainDisplay(terminal.Out, progress, TimeProvider.System);
        var state = await new RunFollower(workspace, display).UntilOver(run, detachment.Token);
        if (state.Over)
        {
            RunEnd.Print(workspace, state, json ? terminal with { Out = TextWriter.Null } : terminal);
            if (await Outbox.IsOwing(workspace.Store, workspace.Folder, TimeProvider.System)) BackgroundEngine.Start(workspace.Folder); // it tries again
            return RunEnd.ExitCodeOf(state);
        }
        if (detachment.ByAPerson) BackgroundEngine.Start(workspace.Folder);
        terminal.Error.WriteLine($"Detached. {ComeBack(run)}");
        return ExitCode.Detached;
    }

    private static string ComeBack(string run) =>
        $"The run goes on. `pipeline resume {run}` comes back to it, `pipeline status {run}` looks at it, `pipeline cancel {run}` ends it.";
}
