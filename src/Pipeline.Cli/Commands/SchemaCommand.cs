using System.CommandLine;
using Pipeline.Cli.Output;
using Pipeline.Spec.Schema;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline schema</c>: the JSON Schema of pipeline files, for editors.</summary>
internal static class SchemaCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("schema", "Print the JSON Schema of pipeline files; editors use it to complete and check.");
        command.SetAction(_ =>
        {
            terminal.Out.WriteLine(PipelineSchema.Text.TrimEnd());
            return ExitCode.Done;
        });
        return command;
    }
}
