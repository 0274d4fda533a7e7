using System.CommandLine;
using Pipeline.Cli.Output;
using Pipeline.Cli.Places;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline approve RUN STAGE</c>: a person's yes, or no, to a stage that waits for it.</summary>
internal static class ApproveCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("approve", "Say yes, or no, to a stage that waits for approval.");
        var (run, stage, places) = (SharedOptions.Run(), SharedOptions.Stage(), new RunPlaces(command));
        var json = SharedOptions.Json();
        run.DefaultValueFactory = null;
        var reject = new Option<bool>("--reject") { Description = "Say no: the stage fails." };
        var reason = new Option<string?>("--reason") { Description = "Why; kept with the answer.", HelpName = "TEXT" };
        command.Arguments.Add(run);
        command.Arguments.Add(stage);
        command.Options.Add(reject);
        command.Options.Add(reason);
        command.Options.Add(json);
        command.SetAction(async (parsed, _) =>
        {
            using var place = places.Open(parsed);
            var id = (await place.Run(parsed.GetValue(run)!)).Run;
            var approved = !parsed.GetValue(reject);
            await place.Answer(id, parsed.GetValue(stage)!, approved, parsed.GetValue(reason));
            if (parsed.GetValue(json)) Json.Write(terminal, new { Run = id, Stage = parsed.GetValue(stage), Approved = approved });
            else terminal.Out.WriteLine($"{parsed.GetValue(stage)} of run {id} is {(approved ? "approved" : "rejected")}.");
            if (place is FolderPlace { HasEngine: false }) terminal.Error.WriteLine($"No engine is at work: `pipeline resume {id}` goes on with the run.");
            return ExitCode.Done;
        });
        return command;
    }
}
