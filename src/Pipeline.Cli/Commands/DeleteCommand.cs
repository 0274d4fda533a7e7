using System.CommandLine;
using Pipeline.Cli.Hosting;
using Pipeline.Cli.Output;
using Pipeline.Engine.Loop;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline delete RUN</c>: a run, its journal and its files are gone.</summary>
internal static class DeleteCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("delete", "Delete a run that has ended, with its journal and files. Refused while other runs use its outputs.");
        var (run, state) = (SharedOptions.Run(), SharedOptions.State());
        var json = SharedOptions.Json();
        run.DefaultValueFactory = null; // nobody deletes the newest run by leaving out a word
        command.Arguments.Add(run);
        command.Options.Add(state);
        command.Options.Add(json);
        command.SetAction(async (parsed, _) =>
        {
            using var workspace = Workspace.OpenExisting(parsed.GetValue(state)!);
            var id = await workspace.Client.Resolve(parsed.GetValue(run)!);
            var bytes = RunDeletion.SizeOf(workspace.Folder.Run(id));
            await new RunDeletion(workspace.Store, workspace.Folder).Delete(id);
            if (parsed.GetValue(json)) Json.Write(terminal, new { Run = id, Bytes = bytes });
            else terminal.Out.WriteLine(FormattableString.Invariant($"Run {id} is deleted; {bytes / 1e6:0.0} MB are free."));
            return ExitCode.Done;
        });
        return command;
    }
}
