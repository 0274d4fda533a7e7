using System.CommandLine;
using Pipeline.Cli.Following;
using Pipeline.Cli.Hosting;
using Pipeline.Cli.Output;
using Pipeline.Engine;
using Pipeline.Engine.Attempts;
using Pipeline.Engine.Folders;
using Pipeline.Engine.Runs;
using Spectre.Console;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline status RUN</c>: where a run and each of its stages stand.</summary>
internal static class StatusCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("status", "Show where a run and its stages stand.");
        var (run, state, json) = (SharedOptions.Run(), SharedOptions.State(), SharedOptions.Json());
        command.Arguments.Add(run);
        command.Options.Add(state);
        command.Options.Add(json);
        command.SetAction(async (parsed, _) =>
        {
            using var workspace = Workspace.OpenExisting(parsed.GetValue(state)!);
            var known = await workspace.Run(parsed.GetValue(run)!);
            var status = RunStatus.Of(known, new StageProgress(new DiskRunFiles(), workspace.Folder.Path, TimeProvider.System));
            if (parsed.GetValue(json)) Json.Write(terminal, status);
            else Print(known, status, workspace, terminal);
            return ExitCode.Done;
        });
        return command;
    }

    private static void Print(RunState run, RunStatus status, Workspace workspace, Terminal terminal)
    {
        var took = (run.Ended ?? TimeProvider.System.GetUtcNow()) - run.Submitted;
        terminal.Out.WriteLine($"run {run.Run} of {Printable.Line(run.Pipeline.Name)}: {Json.Word(run.Phase)}, {Durations.Text(took)}");
        if (run.ForkedFrom is { } origin) terminal.Out.WriteLine($"forked from run {origin}");
        if (run.Pinned) terminal.Out.WriteLine("pinned: nothing of it is deleted");
        if (!run.Over) terminal.Out.WriteLine(EngineAtWork(workspace, run.Run));
        var table = new Table().Border(TableBorder.None).AddColumns("stage", "uses", "state", "attempts", "");
        foreach (var stage in status.Stages)
        {
            table.AddRow(
                new Text(stage.Id), new Text(stage.Uses), new Text(Json.Word(stage.State)), new Text($"{stage.Attempts}"),
                new Text(stage.Progress is { } progress ? ProgressText.Of(progress, rate: null) : Printable.Line(stage.Message ?? "")));
        }
        terminal.Ansi.Write(table);
        foreach (var notice in status.Notifications.Where(notice => notice.State != NoticePhase.Sent)) terminal.Out.WriteLine(Printable.Line(Owed(notice)));
        terminal.Out.WriteLine(Path.Combine(workspace.Folder.Path, "runs", run.Run));
    }

    private static string Owed(NoticeStatus notice) => $"webhook {notice.Webhook} is not notified of {notice.Event}: "
        + (notice.Due is { } due ? $"try {notice.Attempts + 1} is due at {due.ToLocalTime():yyyy-MM-dd HH:mm:ss}." : $"given up after {notice.Attempts} tries.")
        + (notice.Message is { } message ? $" {message}" : "");

    private static string EngineAtWork(Workspace workspace, string run)
    {
        try
        {
            using var ours = EngineLock.TryTake(workspace.Folder);
            return ours is null
                ? $"engine: {EngineLock.Holder(workspace.Folder)}"
                : $"engine: none at work; jobs run on, but nothing new starts until `pipeline resume {run}`";
        }
        catch (EngineException error) { return $"engine: none at work. {Printable.Of(error.Message)}"; }
    }
}
