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
        var name = new Option<string?>("--name") { Description = "Whose it is: the journal notes it beside what they approve or cancel.", HelpName = "NAME" };
        var json = SharedOptions.Json();
        command.Arguments.Add(role);
        command.Options.Add(name);
        command.Options.Add(json);
        command.Options.Add(file);
        command.SetAction(parsed =>
        {
            var (path, holder) = (parsed.GetValue(file), parsed.GetValue(name));
            if (path is null && holder is not null)
                throw new CliException("TOKEN_NAME", "A name is kept beside the token's hash: say --to FILE as well.", ExitCode.Usage);
            var token = path is null ? AccessTokens.Make() : AccessTokens.Add(path, parsed.GetValue(role), holder);
            if (parsed.GetValue(json)) Json.Write(terminal, new { Token = token, Role = parsed.GetValue(role), Name = holder });
            else terminal.Out.WriteLine(token);
            return ExitCode.Done;
        });
        return command;
    }
}
