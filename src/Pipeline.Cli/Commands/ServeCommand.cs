using System.CommandLine;
using Pipeline.Cli.Hosting;
using Pipeline.Cli.Output;
using Pipeline.Engine;
using Pipeline.Engine.Ports;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline serve</c>: the dashboard, and an engine, which waits its turn beside whatever other is at work.</summary>
internal static class ServeCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("serve", "Show, start, cancel and resume the runs of the state folder in a browser, on this machine only, and carry them out, until Ctrl-C.");
        var state = SharedOptions.State();
        var port = new Option<int?>("--port") { Description = "The port [default: 8421, or any that is free].", HelpName = "N" };
        command.Options.Add(state);
        command.Options.Add(port);
        command.SetAction(async (parsed, _) =>
        {
            using var workspace = Workspace.Open(parsed.GetValue(state)!);
            LogFile.Open(workspace.Folder.Path, terminal.Error);
            await using var dashboard = await Dashboard.Start(workspace, parsed.GetValue(port));
            terminal.Out.WriteLine($"dashboard: {dashboard.Address}");
            using var detachment = new Detachment();
            await Work(workspace, terminal, detachment.Token);
            if (detachment.ByAPerson && await BackgroundEngine.IsNeeded(workspace.Store)) BackgroundEngine.Start(workspace.Folder);
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>Carries runs out until detached. An engine that must end says why, and leaves the dashboard where it is.</summary>
    private static async Task Work(Workspace workspace, Terminal terminal, CancellationToken detach)
    {
        try
        {
            await LocalEngine.Work(workspace, detach);
        }
        catch (Exception error) when (error is EngineException or ExecutorException)
        {
            Errors.Report(error, terminal);
            await Task.Delay(Timeout.Infinite, detach).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
