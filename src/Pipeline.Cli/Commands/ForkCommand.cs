using System.CommandLine;
using Pipeline.Cli.Hosting;
using Pipeline.Cli.Output;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline fork RUN</c>: a new run of the pipeline of another, with or without changes.</summary>
internal static class ForkCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("fork", "Start a new run of the pipeline of another. What is not changed is taken from the cache.");
        var run = SharedOptions.Run();
        var (state, program, following) = (SharedOptions.State(), SharedOptions.StageProgram(), new FollowingOptions(command));
        var change = new PipelineChange(command);
        command.Arguments.Add(run);
        command.Options.Add(state);
        command.Options.Add(program);
        command.SetAction(async (parsed, _) =>
        {
            var folder = Path.GetFullPath(parsed.GetValue(state)!);
            using var workspace = Workspace.OpenExisting(folder);
            LogFile.Open(folder, terminal.Error);
            var known = await workspace.Run(parsed.GetValue(run)!);
            var pipeline = change.IsAsked(parsed) ? change.Apply(parsed, known, following.AsJson(parsed) ? terminal with { Out = terminal.Error } : terminal) : known.Pipeline;
            if (pipeline is null) return ExitCode.Usage;
            var fork = await workspace.Client.Submit(pipeline, RunCommand.ProgramFor(pipeline, parsed.GetValue(program), folder), known.Run);
            return await following.Follow(parsed, workspace, fork, terminal);
        });
        return command;
    }
}
