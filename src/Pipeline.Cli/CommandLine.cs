using System.CommandLine;
using System.CommandLine.Parsing;
using Pipeline.Cli.Commands;
using Pipeline.Cli.Commands.Datasets;
using Pipeline.Cli.Hosting;
using Pipeline.Cli.Output;
using Serilog;

namespace Pipeline.Cli;

/// <summary>The <c>pipeline</c> command.</summary>
internal static class CommandLine
{
    /// <summary>Carries out a command line and returns the exit code, see <see cref="ExitCode"/>.</summary>
    public static async Task<int> Invoke(string[] arguments, Terminal terminal)
    {
        try
        {
            if (arguments is [BackgroundEngine.Verb, var state]) return await BackgroundEngine.Run(state);
            if (arguments is [var verb, ..] && StageVerbs.All.ContainsKey(verb)) return StageVerbs.Run(arguments);

            var parsed = Root(terminal).Parse(arguments);
            if (parsed.Errors.Count > 0) return Usage(parsed, terminal);
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                Output = terminal.Out, Error = terminal.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null,
            });
        }
        catch (Exception error) { return Errors.Report(error, terminal); }
        finally { await Log.CloseAndFlushAsync(); }
    }

    /// <summary>All commands.</summary>
    internal static RootCommand Root(Terminal terminal)
    {
        var root = new RootCommand("Trains language models by pipelines: stages written down in YAML, run, resumed and reported.");
        foreach (var command in (Command[])
        [
            RunCommand.Create(terminal), SubmitCommand.Create(terminal), WatchCommand.Create(terminal), ResumeCommand.Create(terminal),
            ForkCommand.Create(terminal), DeleteCommand.Create(terminal), PinCommand.Create(terminal), GcCommand.Create(terminal),
            CancelCommand.Create(terminal), ApproveCommand.Create(terminal),
            StatusCommand.Create(terminal), RunsCommand.Create(terminal), LogsCommand.Create(terminal),
            DatasetCommand.Create(terminal),
            ReportCommand.Create(terminal), VerifyCommand.Create(terminal), VerifyResumeCommand.Create(terminal), ReleaseCommand.Create(terminal), ExportCommand.Create(terminal), RewardCommand.Create(terminal),
            StageCommand.Create(terminal), ServeCommand.Create(terminal), TokenCommand.Create(terminal), ScheduleCommand.Create(terminal),
            ValidateCommand.Create(terminal), PlanCommand.Create(terminal), GraphCommand.Create(terminal),
            InitCommand.Create(terminal), SchemaCommand.Create(terminal), DoctorCommand.Create(terminal),
            .. StageVerbs.ForHelp(),
        ]) root.Subcommands.Add(command);
        return root;
    }

    private static int Usage(ParseResult parsed, Terminal terminal)
    {
        foreach (var error in parsed.Errors) terminal.Error.WriteLine($"error USAGE: {Printable.Line(error.Message)}");
        var names = new List<string>();
        for (SymbolResult? at = parsed.CommandResult; at is CommandResult command; at = command.Parent)
            names.Insert(0, command.IdentifierToken.Value);
        terminal.Error.WriteLine($"`{string.Join(' ', ["pipeline", .. names.Skip(1), "--help"])}` shows what there is.");
        return ExitCode.Usage;
    }
}
