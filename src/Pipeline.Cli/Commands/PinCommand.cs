using System.CommandLine;
using Pipeline.Cli.Hosting;
using Pipeline.Cli.Output;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline pin RUN</c>: a run is kept whole.</summary>
internal static class PinCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("pin", "Keep a run: neither `delete` nor `gc` takes anything of it.");
        var (run, state) = (SharedOptions.Run(), SharedOptions.State());
        var off = new Option<bool>("--off") { Description = "Let go of it." };
        command.Arguments.Add(run);
        command.Options.Add(off);
        command.Options.Add(state);
        command.SetAction(async (parsed, _) =>
        {
            using var workspace = Workspace.OpenExisting(parsed.GetValue(state)!);
            var id = await workspace.Client.Resolve(parsed.GetValue(run)!);
            await workspace.Client.Pin(id, !parsed.GetValue(off), Environment.UserName);
            terminal.Out.WriteLine($"Run {id} is {(parsed.GetValue(off) ? "not pinned any more" : "pinned")}.");
            return ExitCode.Done;
        });
        return command;
    }
}
