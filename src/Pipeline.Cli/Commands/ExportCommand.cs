using System.CommandLine;
using Pipeline.Cli.Hosting;
using Pipeline.Cli.Output;
using Pipeline.Reports.TensorBoard;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline export tensorboard RUN --to DIR</c>: a run for other tools.</summary>
internal static class ExportCommand
{
    public static Command Create(Terminal terminal) => new("export", "Write what a run logged for other tools.") { TensorBoard(terminal) };

    private static Command TensorBoard(Terminal terminal)
    {
        var command = new Command("tensorboard", """
            Write the metrics of a run as TensorBoard's event files, a folder a stage.

              pipeline export tensorboard latest --to curves && tensorboard --logdir curves
            """);
        var (run, state) = (SharedOptions.Run(), SharedOptions.State());
        var json = SharedOptions.Json();
        var target = new Option<string>("--to") { Description = "The folder to write to.", HelpName = "DIR", Required = true };
        command.Arguments.Add(run);
        command.Options.Add(target);
        command.Options.Add(state);
        command.Options.Add(json);
        command.SetAction(async (parsed, _) =>
        {
            using var workspace = Workspace.OpenExisting(parsed.GetValue(state)!);
            var known = await workspace.Run(parsed.GetValue(run)!);
            var stages = TensorBoardExport.Write(known, workspace.Folder, parsed.GetValue(target)!);
            if (parsed.GetValue(json)) Json.Write(terminal, new { known.Run, Folder = Path.GetFullPath(Path.Combine(parsed.GetValue(target)!, known.Run)), Stages = stages });
            else terminal.Out.WriteLine(stages.Count == 0
                ? $"Run {known.Run} has logged no metrics of its own."
                : $"Wrote {Path.Combine(parsed.GetValue(target)!, known.Run)}: {string.Join(", ", stages)}.");
            return ExitCode.Done;
        });
        return command;
    }
}
