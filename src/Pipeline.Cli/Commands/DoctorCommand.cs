using System.CommandLine;
using Pipeline.Cli.Hosting;
using Pipeline.Cli.Output;
using Spectre.Console;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline doctor</c>: whether this machine can run pipelines.</summary>
internal static class DoctorCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("doctor", "Check that this machine has what it takes.");
        var (state, program, json) = (SharedOptions.State(), SharedOptions.StageProgram(), SharedOptions.Json());
        command.Options.Add(state);
        command.Options.Add(program);
        command.Options.Add(json);
        command.SetAction(async (parsed, cancellation) =>
        {
            var findings = await Checkup.Of(parsed.GetValue(state)!, parsed.GetValue(program), cancellation);
            if (parsed.GetValue(json)) Json.Write(terminal, findings);
            else Print(findings, terminal);
            return findings.Any(finding => finding.Verdict == Verdict.Bad) ? ExitCode.Machine : ExitCode.Done;
        });
        return command;
    }

    private static void Print(IEnumerable<Finding> findings, Terminal terminal)
    {
        var table = new Table().Border(TableBorder.None).HideHeaders().AddColumns("", "", "");
        foreach (var finding in findings)
        {
            var mark = finding.Verdict switch { Verdict.Good => "[green]ok[/]", Verdict.Doubtful => "[yellow]hm[/]", _ => "[red]no[/]" };
            table.AddRow(new Markup(mark), new Text(finding.Subject), new Text(Printable.Line(finding.Text)));
        }
        terminal.Ansi.Write(table);
    }
}
