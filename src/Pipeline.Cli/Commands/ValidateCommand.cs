using System.CommandLine;
using Pipeline.Cli.Output;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline validate FILE</c>: every error of a pipeline file at once.</summary>
internal static class ValidateCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("validate", "Check a pipeline file and tell every error with its place.");
        var input = new PipelineInput(command);
        var json = SharedOptions.Json();
        command.Options.Add(json);
        command.SetAction(parsed =>
        {
            var loaded = input.Read(parsed);
            if (parsed.GetValue(json)) Json.Write(terminal, new { valid = loaded.IsValid, errors = loaded.Errors });
            else if (loaded.IsValid) terminal.Out.WriteLine($"{loaded.Pipeline!.Name}: valid, {Count(loaded.Pipeline.Stages.Count)}.");
            else foreach (var error in loaded.Errors) terminal.Error.WriteLine(Printable.Of(error.ToString()));
            return loaded.IsValid ? ExitCode.Done : ExitCode.Usage;
        });
        return command;
    }

    private static string Count(int stages) => stages == 1 ? "1 stage" : $"{stages} stages";
}
