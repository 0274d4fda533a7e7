using System.CommandLine;
using Pipeline.Cli.Hosting;
using Pipeline.Cli.Output;
using Pipeline.Engine;
using Pipeline.Engine.Runs;
using Pipeline.Spec.Resolved;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline resume RUN</c>: has a run that is over go on, and comes back to one that is under way.</summary>
internal static class ResumeCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("resume", "Go on with a run that failed or was cancelled, what succeeded is kept; or come back to one that was left.");
        var run = SharedOptions.Run();
        var (state, program, following) = (SharedOptions.State(), SharedOptions.StageProgram(), new FollowingOptions(command));
        var from = new Option<string[]>("--from")
        {
            Description = "Make this stage anew, and what follows from it, also of a run that succeeded; may be repeated.", HelpName = "STAGE",
        };
        var change = new PipelineChange(command);
        command.Arguments.Add(run);
        command.Options.Add(from);
        command.Options.Add(state);
        command.Options.Add(program);
        command.SetAction(async (parsed, _) =>
        {
            var folder = Path.GetFullPath(parsed.GetValue(state)!);
            using var workspace = Workspace.OpenExisting(folder);
            LogFile.Open(folder, terminal.Error);
            var known = await workspace.Run(parsed.GetValue(run)!);
            var changed = change.IsAsked(parsed) ? change.Apply(parsed, known, following.AsJson(parsed) ? terminal with { Out = terminal.Error } : terminal) : null;
            if (change.IsAsked(parsed) && changed is null) return ExitCode.Usage;

            var anew = Instances(changed ?? known.Pipeline, parsed.GetValue(from) ?? []);
            if (changed is not null) PipelineChange.WarnOfStale(known, changed, anew, terminal);
            // It goes on with the program of today: what was wrong may have been mended there.
            if (known.Phase is RunPhase.Failed or RunPhase.Cancelled || anew.Count > 0 || changed is not null)
                await workspace.Client.Resume(known.Run, new RunResumed
                {
                    Program = RunCommand.ProgramFor(known.Pipeline, parsed.GetValue(program), folder), From = anew, Pipeline = changed,
                });
            return await following.Follow(parsed, workspace, known.Run, terminal);
        });
        return command;
    }

    /// <summary>What is meant by stages on the command line: an instance, or all of a stage.</summary>
    private static IReadOnlyList<string> Instances(ResolvedPipeline pipeline, string[] stages) =>
    [
        .. stages.SelectMany(name =>
        {
            var meant = pipeline.Stages.Where(stage => stage.Instance == name || stage.Id == name).Select(stage => stage.Instance).ToArray();
            return meant.Length > 0 ? meant : throw new EngineException(
                EngineErrors.StageUnknown,
                $"The pipeline has no stage '{name}'. It has: {string.Join(", ", pipeline.Stages.Select(stage => stage.Instance))}.");
        }).Distinct(),
    ];
}
