using System.CommandLine;
using Pipeline.Cli.Hosting;
using Pipeline.Cli.Output;
using Pipeline.Cli.Verifying;
using Pipeline.Protocol.Jobs;

namespace Pipeline.Cli.Commands;

/// <summary>
/// <c>pipeline verify-resume FILE --stage STAGE</c>: whether a stage that is stopped and killed ends with the bits of one that is not,
/// tried on a person's own file, program and machine.
/// </summary>
internal static class VerifyResumeCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("verify-resume", "Try whether a training stage, stopped and killed in its middle, ends with the same bits as one that is left alone.");
        var input = new PipelineInput(command);
        var (state, program, following) = (SharedOptions.State(), SharedOptions.StageProgram(), new FollowingOptions(command, canDetach: false, json: "Print the verdict as JSON, and nothing else."));
        var stage = new Option<string>("--stage") { Description = "The stage.", HelpName = "STAGE", Required = true };
        var steps = new Option<int>("--steps") { Description = "Optimizer steps that are made.", HelpName = "N", DefaultValueFactory = _ => 6 };
        steps.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 2) result.AddError("--steps is at least 2: nothing can be resumed before the first.");
        });
        foreach (var option in (Option[])[state, program, stage, steps]) command.Options.Add(option);
        command.SetAction(async (parsed, cancellation) =>
        {
            if (input.Load(parsed, terminal) is not { } pipeline) return ExitCode.Usage;
            var (part, tried) = ShortRun.Of(pipeline, parsed.GetValue(stage)!, parsed.GetValue(steps));
            var folder = Path.GetFullPath(parsed.GetValue(state)!);
            using var workspace = Workspace.Open(folder);
            LogFile.Open(folder, terminal.Error);
            var performer = RunCommand.ProgramFor(part, parsed.GetValue(program), folder);
            var run = await workspace.Client.Submit(part, performer);
            var json = following.AsJson(parsed);
            var spoken = json ? terminal with { Out = TextWriter.Null } : terminal;
            if (await following.Follow(parsed, workspace, run, spoken) is var code and not ExitCode.Done) return code;

            // Its outputs lie in the attempt that made them, in this run or in the one that the cache has it from.
            var made = (await workspace.Run(run)).Stages.Single(one => one.Instance == tried.Instance).Outputs.Values.First();
            var unbroken = new AttemptFolder(Path.GetDirectoryName(Path.GetDirectoryName(made.Path)!)!);
            var broken = new BrokenRun(BrokenRun.JobOf(unbroken), performer.Command, Path.Combine(folder, "verify-resume", run));
            spoken.Out.WriteLine();
            spoken.Out.WriteLine($"{tried.Instance} once more, stopped and killed in turn:");
            await broken.Run(cancellation);
            var found = ResumeComparison.Of(unbroken, broken.Attempts);
            if (json) Json.Write(terminal, new { Run = run, Stage = tried.Instance, broken.Stopped, broken.Killed, Exact = found.All(one => one.Difference is null), Compared = found });
            return Tell(found, broken, tried.Instance, Path.Combine(folder, "verify-resume", run), spoken);
        });
        return command;
    }

    private static int Tell(IReadOnlyList<ResumeComparison> found, BrokenRun broken, string stage, string folder, Terminal terminal)
    {
        foreach (var one in found)
            terminal.Out.WriteLine(one.Difference is null ? $"  {one.What}: equal" : $"  {one.What}: DIFFERENT: {Printable.Line(one.Difference)}");
        var how = $"stopped {broken.Stopped} times and killed {broken.Killed} times";
        if (found.All(one => one.Difference is null))
        {
            terminal.Out.WriteLine($"{stage} resumes exactly: {how}, it ended with the same bits.");
            Directory.Delete(folder, recursive: true);
            return ExitCode.Done;
        }
        terminal.Error.WriteLine($"{stage} does not resume exactly: {how}, it ended with other bits. Both can be compared: {folder} has the attempts.");
        return ExitCode.Failed;
    }
}
