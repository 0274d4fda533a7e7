using System.CommandLine;

namespace Pipeline.Cli.Commands;

/// <summary>Options that several commands share. Each command has its own instance, as System.CommandLine wants it.</summary>
internal static class SharedOptions
{
    /// <summary>The environment variable that names the state folder.</summary>
    private const string StateVariable = "PIPELINE_STATE";

    private const string ServerVariable = "PIPELINE_SERVER";

    /// <summary>The environment variable with the token of a server.</summary>
    public const string TokenVariable = "PIPELINE_TOKEN";

    public static Option<string> State() => new("--state")
    {
        Description = $"Folder with the journal and everything of the runs. ${StateVariable} names one for every command.",
        HelpName = "DIR",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable(StateVariable) is { Length: > 0 } state ? state : ".pipeline",
    };

    public static Option<Uri?> Server() => new("--server")
    {
        Description = $"A server in place of the state folder, such as http://lab:8421; ${ServerVariable} names one for every command, ${TokenVariable} holds its token.",
        HelpName = "URL",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable(ServerVariable) is { Length: > 0 } server ? Parsed(server) : null,
        CustomParser = result => Parsed(result.Tokens.Single().Value),
    };

    private static Uri Parsed(string server) =>
        Uri.TryCreate(server.TrimEnd('/') + "/", UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address
            : throw new CliException("SERVER_INVALID", $"'{server}' is not the address of a server, such as http://127.0.0.1:8421.", ExitCode.Usage);

    public static Option<bool> Json() => new("--json") { Description = "Print the facts as JSON, and nothing else." };

    public static Option<string?> StageProgram() => new("--stage-program")
    {
        Description = "The program that performs the stages [default: $PIPELINE_STAGE, or the one that was built with this one].",
        HelpName = "PATH",
    };

    public static Argument<string> Run() => NoOption(new Argument<string>("RUN")
    {
        Description = "A run's id, the beginning or end of one, or `latest`.",
        DefaultValueFactory = _ => "latest",
    });

    public static Argument<string> File() => NoOption(new Argument<string>("FILE") { Description = "The pipeline file." });

    public static Argument<string> Stage() => NoOption(new Argument<string>("STAGE") { Description = "The stage's id." });

    /// <summary>A mistyped option must not be taken for the argument.</summary>
    private static Argument<string> NoOption(Argument<string> argument)
    {
        argument.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => token.Value.StartsWith('-'))) result.AddError($"There is no option '{token.Value}'.");
        });
        return argument;
    }
}
