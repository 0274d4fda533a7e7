using System.CommandLine;
using Pipeline.Cli.Hosting;
using Pipeline.Cli.Output;
using Pipeline.Engine.Runs;
using Pipeline.Protocol.Stages;
using Pipeline.Spec.Resolved;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline run FILE</c>: submits a run and stays with it until it is over.</summary>
internal static class RunCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("run", "Run a pipeline. Stages whose outputs are there already are not run again.");
        var input = new PipelineInput(command);
        var (state, program, following) = (SharedOptions.State(), SharedOptions.StageProgram(), new FollowingOptions(command));
        command.Options.Add(state);
        command.Options.Add(program);
        var dashboard = new Option<bool>("--dashboard") { Description = "Show the run in a browser as well, as long as this command lasts." };
        command.Options.Add(dashboard);
        command.SetAction(async (parsed, _) =>
        {
            if (input.Load(parsed, terminal) is not { } pipeline) return ExitCode.Usage;
            var folder = Path.GetFullPath(parsed.GetValue(state)!);
            using var workspace = Workspace.Open(folder);
            LogFile.Open(folder, terminal.Error);
            var run = await workspace.Client.Submit(pipeline, ProgramFor(pipeline, parsed.GetValue(program), folder));
            if (!parsed.GetValue(dashboard)) return await following.Follow(parsed, workspace, run, terminal);
            await using var server = await Dashboard.Start(workspace, port: null);
            (following.AsJson(parsed) ? terminal.Error : terminal.Out).WriteLine($"dashboard: {server.PageOf(run)}");
            return await following.Follow(parsed, workspace, run, terminal);
        });
        return command;
    }

    /// <summary>The stage program, pinned; none for a pipeline that brings its own programs.</summary>
    public static StageProgram ProgramFor(ResolvedPipeline pipeline, string? asked, string state) =>
        pipeline.Stages.All(stage => stage.Uses == StageKinds.Command)
            ? new StageProgram([], "")
            : StageProgramFinder.Pin(StageProgramFinder.Find(asked), state);
}
