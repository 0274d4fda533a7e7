using System.CommandLine;
using Pipeline.Cli.Hosting;
using Pipeline.Cli.Output;
using Pipeline.Engine.Runs;
using Spectre.Console;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline runs</c>: the newest runs of a state folder.</summary>
internal static class RunsCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("runs", "List the runs of the state folder, newest first.");
        var (state, json) = (SharedOptions.State(), SharedOptions.Json());
        var limit = new Option<int>("--limit", "-n") { Description = "How many.", DefaultValueFactory = _ => 20 };
        command.Options.Add(state);
        command.Options.Add(json);
        command.Options.Add(limit);
        command.SetAction(async (parsed, _) =>
        {
            var runs = await Newest(parsed.GetValue(state)!, parsed.GetValue(limit));
            if (parsed.GetValue(json))
                Json.Write(terminal, runs.Select(run => new { run.Run, run.Pipeline, State = run.Phase, run.Submitted, run.Ended }));
            else if (runs.Count == 0) terminal.Out.WriteLine("No runs yet. `pipeline run FILE` starts one.");
            else Print(runs, terminal);
            return ExitCode.Done;
        });
        return command;
    }

    private static async Task<IReadOnlyList<RunSummary>> Newest(string state, int limit)
    {
        if (!Directory.Exists(state)) return [];
        using var workspace = Workspace.Open(state);
        return await workspace.Client.Newest(limit);
    }

    private static void Print(IEnumerable<RunSummary> runs, Terminal terminal)
    {
        var table = new Table().Border(TableBorder.None).AddColumns("run", "pipeline", "state", "submitted", "took");
        foreach (var run in runs)
        {
            table.AddRow(
                new Text(run.Run), new Text(Printable.Line(run.Pipeline)), new Text(Json.Word(run.Phase)),
                new Text(run.Submitted.ToLocalTime().ToString("yyyy-MM-dd HH:mm")),
                new Text(run.Ended is { } ended ? Durations.Text(ended - run.Submitted) : ""));
        }
        terminal.Ansi.Write(table);
    }
}
