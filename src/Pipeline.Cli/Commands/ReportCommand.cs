using System.CommandLine;
using Pipeline.Cli.Hosting;
using Pipeline.Cli.Output;
using Pipeline.Reports;
using Pipeline.Reports.Reading;
using Pipeline.Reports.Writers;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline report RUN</c>: what came out of a run.</summary>
internal static class ReportCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("report", "Show what came out of a run: a row for each evaluated model, time and tokens of each stage.");
        var (run, state, json) = (SharedOptions.Run(), SharedOptions.State(), SharedOptions.Json());
        var output = new Option<string?>("--output", "-o")
        {
            Description = "Write a file instead: .html (one page with charts), .svg (the figure alone), .md, .json or .txt.",
            HelpName = "FILE",
        };
        command.Arguments.Add(run);
        command.Options.Add(state);
        command.Options.Add(json);
        command.Options.Add(output);
        command.SetAction(async (parsed, _) =>
        {
            using var workspace = Workspace.OpenExisting(parsed.GetValue(state)!);
            var report = ReportReader.Read(await workspace.Run(parsed.GetValue(run)!), workspace.Folder);
            if (parsed.GetValue(output) is { } file)
            {
                File.WriteAllText(file, Write(report, Path.GetExtension(file)));
                terminal.Out.WriteLine($"Wrote {file}.");
            }
            else terminal.Out.Write(parsed.GetValue(json) ? JsonReport.Write(report) : Printable.Of(TextReport.Write(report)));
            return ExitCode.Done;
        });
        return command;
    }

    private static string Write(Report report, string extension) => extension switch
    {
        ".html" => HtmlReport.Write(report),
        ".svg" => SvgFigure.Write(report),
        ".md" => MarkdownReport.Write(report),
        ".json" => JsonReport.Write(report),
        ".txt" => TextReport.Write(report),
        _ => throw new CliException("REPORT_FORMAT", $"A report is written as .html, .svg, .md, .json or .txt, not as '{extension}'.", ExitCode.Usage),
    };
}
