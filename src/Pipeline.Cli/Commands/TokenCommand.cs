using System.CommandLine;
using Pipeline.Cli.Output;
using Pipeline.Server.Access;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline token ROLE</c>: makes a token for <c>pipeline serve</c>.</summary>
internal static class TokenCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("token", "Make a token for `serve`. It is printed once; a token file keeps its hash alone.");
        var role = new Argument<AccessRole>("ROLE") { Description = "view: may look. operate: may submit, cancel, resume and approve as well." };
        var file = new Option<string?>("--to") { Description = "The token file to add it to; made if there is none.", HelpName = "FILE" };
        command.Arguments.Add(role);
        command.Options.Add(file);
        command.SetAction(parsed =>
        {
            terminal.Out.WriteLine(parsed.GetValue(file) is { } path ? AccessTokens.Add(path, parsed.GetValue(role)) : AccessTokens.Make());
            return ExitCode.Done;
        });
        return command;
    }
}
