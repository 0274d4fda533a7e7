using System.CommandLine;
using Pipeline.Cli.Hosting;
using Pipeline.Cli.Output;
using Pipeline.Engine.Folders;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline approve RUN STAGE</c>: a person's yes, or no, to a stage that waits for it.</summary>
internal static class ApproveCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("approve", "Say yes, or no, to a stage that waits for approval.");
        var (run, stage, state) = (SharedOptions.Run(), SharedOptions.Stage(), SharedOptions.State());
        run.DefaultValueFactory = null;
        var reject = new Option<bool>("--reject") { Description = "Say no: the stage fails." };
        var reason = new Option<string?>("--reason") { Description = "Why; kept with the answer.", HelpName = "TEXT" };
        command.Arguments.Add(run);
        command.Arguments.Add(stage);
        command.Options.Add(reject);
        command.Options.Add(reason);
        command.Options.Add(state);
        command.SetAction(async (parsed, _) =>
        {
            using var workspace = Workspace.OpenExisting(parsed.GetValue(state)!);
            var id = await workspace.Client.Resolve(parsed.GetValue(run)!);
            var approved = !parsed.GetValue(reject);
            await workspace.Client.Answer(id, parsed.GetValue(stage)!, approved, Environment.UserName, parsed.GetValue(reason));
            terminal.Out.WriteLine($"{parsed.GetValue(stage)} of run {id} is {(approved ? "approved" : "rejected")}.");
            using var nobodyAtWork = EngineLock.TryTake(workspace.Folder);
            if (nobodyAtWork is not null) terminal.Error.WriteLine($"No engine is at work: `pipeline resume {id}` goes on with the run.");
            return ExitCode.Done;
        });
        return command;
    }
}
