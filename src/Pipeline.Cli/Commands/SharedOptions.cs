using System.CommandLine;

namespace Pipeline.Cli.Commands;

/// <summary>Options that several commands share. Each command has its own instance, as System.CommandLine wants it.</summary>
internal static class SharedOptions
{
    /// <summary>The environment variable that names the state folder.</summary>
    private const string StateVariable = "PIPELINE_STATE";

    public static Option<string> State() => new("--state")
    {
        Description = $"Folder with the journal and everything of the runs. ${StateVariable} names one for every command.",
        HelpName = "DIR",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable(StateVariable) is { Length: > 0 } state ? state : ".pipeline",
    };

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
