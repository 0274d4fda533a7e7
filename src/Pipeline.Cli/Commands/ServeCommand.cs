using System.CommandLine;
using Pipeline.Cli.Hosting;
using Pipeline.Cli.Output;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline serve</c>: the dashboard, beside whatever engine is at work.</summary>
internal static class ServeCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("serve", "Show, start, cancel and resume the runs of the state folder in a browser, on this machine only, until Ctrl-C.");
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
            await Task.Delay(Timeout.Infinite, detachment.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return ExitCode.Done;
        });
        return command;
    }
}
