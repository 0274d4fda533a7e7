using System.CommandLine;
using Pipeline.Cli.Hosting;
using Pipeline.Cli.Output;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline cancel RUN</c>: ends a run; its jobs write a checkpoint first.</summary>
internal static class CancelCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("cancel", "End a run. Its jobs write a checkpoint first, so that it can be resumed.");
        var run = SharedOptions.Run();
        var (state, following) = (SharedOptions.State(), new FollowingOptions(command));
        command.Arguments.Add(run);
        command.Options.Add(state);
        command.SetAction(async (parsed, _) =>
        {
            var folder = Path.GetFullPath(parsed.GetValue(state)!);
            using var workspace = Workspace.OpenExisting(folder);
            LogFile.Open(folder, terminal.Error);
            var id = await workspace.Client.Resolve(parsed.GetValue(run)!);
            await workspace.Client.Cancel(id, Environment.UserName);
            var exitCode = await following.Follow(parsed, workspace, id, terminal);
            return exitCode == ExitCode.Cancelled ? ExitCode.Done : exitCode; // that is what was asked for
        });
        return command;
    }
}
