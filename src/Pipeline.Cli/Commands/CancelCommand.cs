using System.CommandLine;
using Pipeline.Cli.Following;
using Pipeline.Cli.Hosting;
using Pipeline.Cli.Output;
using Pipeline.Cli.Places;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline cancel RUN</c>: ends a run; its jobs write a checkpoint first.</summary>
internal static class CancelCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("cancel", "End a run. Its jobs write a checkpoint first, so that it can be resumed.");
        var run = SharedOptions.Run();
        var (places, following) = (new RunPlaces(command), new FollowingOptions(command));
        command.Arguments.Add(run);
        command.SetAction(async (parsed, _) =>
        {
            if (places.Server(parsed) is { } server) return await Cancel(server, parsed.GetValue(run)!, following.Detached(parsed), following.AsJson(parsed), terminal);
            var folder = places.State(parsed);
            using var workspace = Workspace.OpenExisting(folder);
            LogFile.Open(folder, terminal.Error);
            var id = await workspace.Client.Resolve(parsed.GetValue(run)!);
            await workspace.Client.Cancel(id, Environment.UserName);
            var exitCode = await following.Follow(parsed, workspace, id, terminal);
            return exitCode == ExitCode.Cancelled ? ExitCode.Done : exitCode; // that is what was asked for
        });
        return command;
    }

    private static async Task<int> Cancel(ServerPlace server, string word, bool detached, bool json, Terminal terminal)
    {
        using (server)
        {
            var run = (await server.Run(word)).Run;
            await server.Cancel(run);
            if (detached)
            {
                if (json) Json.Write(terminal, new { Run = run });
                else terminal.Out.WriteLine(run);
                return ExitCode.Done;
            }
            var watch = new RunWatch(server, terminal);
            var exitCode = await (json ? watch.PrintJournal(run) : watch.UntilOver(run));
            return exitCode == ExitCode.Cancelled ? ExitCode.Done : exitCode;
        }
    }
}
