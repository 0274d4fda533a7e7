using System.CommandLine;
using Pipeline.Cli.Hosting;
using Pipeline.Cli.Output;
using Pipeline.Cli.Places;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline submit FILE</c>: starts a run, here or at a server, and leaves it to work.</summary>
internal static class SubmitCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("submit", """
            Start a run and return at once with its id; the run works in the background, or at a server.

              pipeline submit pipelines/quickstart.yaml --profile smoke
              PIPELINE_TOKEN=… pipeline submit r1.yaml --server http://lab:8421
              pipeline watch "$(pipeline submit r1.yaml)"
            """);
        var input = new PipelineInput(command);
        var (program, json, places) = (SharedOptions.StageProgram(), SharedOptions.Json(), new RunPlaces(command));
        command.Options.Add(program);
        command.Options.Add(json);
        command.SetAction(async (parsed, _) =>
        {
            string run;
            if (places.Server(parsed) is { } server)
            {
                using (server) run = await server.Submit(input.File(parsed), input.Overrides(parsed));
            }
            else if (input.Load(parsed, terminal) is { } pipeline)
            {
                var folder = places.State(parsed);
                using var workspace = Workspace.Open(folder);
                run = await workspace.Client.Submit(pipeline, RunCommand.ProgramFor(pipeline, parsed.GetValue(program), folder));
                BackgroundEngine.Start(workspace.Folder);
            }
            else return ExitCode.Usage;

            if (parsed.GetValue(json)) Json.Write(terminal, new { Run = run });
            else terminal.Out.WriteLine(run);
            return ExitCode.Done;
        });
        return command;
    }
}
