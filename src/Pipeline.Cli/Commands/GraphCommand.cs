using System.CommandLine;
using Pipeline.Cli.Output;
using Pipeline.Spec.Graph;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline graph FILE</c>: the stages and what flows between them, as a Mermaid diagram.</summary>
internal static class GraphCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("graph", "Print the pipeline's graph as a Mermaid diagram.");
        var input = new PipelineInput(command);
        command.SetAction(parsed =>
        {
            if (input.Load(parsed, terminal) is not { } pipeline) return ExitCode.Usage;
            terminal.Out.WriteLine(PipelineGraph.ToMermaid(pipeline));
            return ExitCode.Done;
        });
        return command;
    }
}
