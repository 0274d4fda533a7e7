using System.CommandLine;
using Pipeline.Cli.Hosting;
using Pipeline.Cli.Output;
using Pipeline.Engine.Runs;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline resume RUN</c>: has a failed or cancelled run go on, and comes back to one that is under way.</summary>
internal static class ResumeCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("resume", "Go on with a run that failed or was cancelled, what succeeded is kept; or come back to one that was left.");
        var run = SharedOptions.Run();
        var (state, program, following) = (SharedOptions.State(), SharedOptions.StageProgram(), new FollowingOptions(command));
        command.Arguments.Add(run);
        command.Options.Add(state);
        command.Options.Add(program);
        command.SetAction(async (parsed, _) =>
        {
            var folder = Path.GetFullPath(parsed.GetValue(state)!);
            using var workspace = Workspace.OpenExisting(folder);
            LogFile.Open(folder, terminal.Error);
            var known = await workspace.Run(parsed.GetValue(run)!);
            // It goes on with the program of today: what was wrong may have been mended there.
            if (known.Phase is RunPhase.Failed or RunPhase.Cancelled) await workspace.Client.Resume(known.Run, RunCommand.ProgramFor(known.Pipeline, parsed.GetValue(program), folder));
            return await following.Follow(parsed, workspace, known.Run, terminal);
        });
        return command;
    }
}
