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
        var json = SharedOptions.Json();
        var off = new Option<bool>("--off") { Description = "Let go of it." };
        command.Arguments.Add(run);
        command.Options.Add(off);
        command.Options.Add(state);
        command.Options.Add(json);
        command.SetAction(async (parsed, _) =>
        {
            using var workspace = Workspace.OpenExisting(parsed.GetValue(state)!);
            var id = await workspace.Client.Resolve(parsed.GetValue(run)!);
            await workspace.Client.Pin(id, !parsed.GetValue(off), Environment.UserName);
            if (parsed.GetValue(json)) Json.Write(terminal, new { Run = id, Pinned = !parsed.GetValue(off) });
            else terminal.Out.WriteLine($"Run {id} is {(parsed.GetValue(off) ? "not pinned any more" : "pinned")}.");
            return ExitCode.Done;
        });
        return command;
    }
}
