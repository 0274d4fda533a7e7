using System.CommandLine;
using Pipeline.Cli.Following;
using Pipeline.Cli.Output;
using Pipeline.Cli.Places;
using Pipeline.Engine.Runs;
using Spectre.Console;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline status RUN</c>: where a run and each of its stages stand.</summary>
internal static class StatusCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("status", "Show where a run and its stages stand.");
        var (run, json, places) = (SharedOptions.Run(), SharedOptions.Json(), new RunPlaces(command));
        command.Arguments.Add(run);
        command.Options.Add(json);
        command.SetAction(async (parsed, _) =>
        {
            using var place = places.Open(parsed);
            var known = await place.Run(parsed.GetValue(run)!);
            var status = RunStatus.Of(known, new StageProgress(place.Live, TimeProvider.System));
            if (parsed.GetValue(json)) Json.Write(terminal, status);
            else Print(known, status, place, terminal);
            return ExitCode.Done;
        });
        return command;
    }

    private static void Print(RunState run, RunStatus status, IRunPlace place, Terminal terminal)
    {
        var took = (run.Ended ?? TimeProvider.System.GetUtcNow()) - run.Submitted;
        terminal.Out.WriteLine($"run {run.Run} of {Printable.Line(run.Pipeline.Name)}: {Json.Word(run.Phase)}, {Durations.Text(took)}");
        if (run.ForkedFrom is { } origin) terminal.Out.WriteLine($"forked from run {origin}");
        if (run.Pinned) terminal.Out.WriteLine("pinned: nothing of it is deleted");
        if (!run.Over && place.EngineAtWork(run.Run) is { } engine) terminal.Out.WriteLine(engine);
        var table = new Table().Border(TableBorder.None).AddColumns("stage", "uses", "state", "attempts", "");
        foreach (var stage in status.Stages)
        {
            table.AddRow(
                new Text(stage.Id), new Text(stage.Uses), new Text(Json.Word(stage.State)), new Text($"{stage.Attempts}"),
                new Text(stage.Progress is { } progress ? ProgressText.Of(progress, rate: null) : Printable.Line(stage.Message ?? "")));
        }
        terminal.Ansi.Write(table);
        foreach (var notice in status.Notifications.Where(notice => notice.State != NoticePhase.Sent)) terminal.Out.WriteLine(Printable.Line(Owed(notice)));
        terminal.Out.WriteLine(place.Whereabouts(run.Run));
    }

    private static string Owed(NoticeStatus notice) => $"webhook {notice.Webhook} is not notified of {notice.Event}: "
        + (notice.Due is { } due ? $"try {notice.Attempts + 1} is due at {due.ToLocalTime():yyyy-MM-dd HH:mm:ss}." : $"given up after {notice.Attempts} tries.")
        + (notice.Message is { } message ? $" {message}" : "");
}
