using System.Text.Json;
using Pipeline.Cli.Output;

namespace Pipeline.Cli.Tests;

/// <summary>A folder of its own, and the command line called in this process as if it had been started there.</summary>
internal sealed class CommandBench : IDisposable
{
    public CommandBench() => Directory.CreateDirectory(Folder);

    public string Folder { get; } = Path.Combine(Path.GetTempPath(), $"cli-{Guid.NewGuid():N}");
    public string State => Path.Combine(Folder, "state");

    /// <summary>A pipeline of fake stages that end at once.</summary>
    /// <param name="with">Settings of the first stage, in YAML's flow style without the braces.</param>
    /// <param name="more">Further lines of the first stage.</param>
    /// <param name="ofSecond">A further line of the second stage.</param>
    /// <param name="chain">What the second stage reads.</param>
    public string Pipeline(string with = "steps: 2", string more = "", string ofSecond = "", string chain = "stages.first.outputs.chain")
    {
        var path = Path.Combine(Folder, "pipeline.yaml");
        File.WriteAllText(path, $$$"""
            apiVersion: pipeline/v1
            kind: Pipeline
            name: fakes
            stages:
              first:
                uses: command
                run: [dotnet, "{{{FakeStage}}}"]
                code: ["{{{FakeStage}}}"]
                outputs: { chain: file }
                resources: { cpus: 1 }
                with: { {{{with}}} }
                {{{more}}}
              second:
                uses: command
                run: [dotnet, "{{{FakeStage}}}"]
                code: ["{{{FakeStage}}}"]
                inputs: { chain: "${{ {{{chain}}} }}" }
                outputs: { chain: file }
                resources: { cpus: 1 }
                with: { steps: 2 }
                {{{ofSecond}}}
            """);
        return path;
    }

    /// <summary>Calls the command line.</summary>
    public async Task<CommandResult> Call(params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var exitCode = await CommandLine.Invoke(arguments, new Terminal(output, error, IsInteractive: false));
        return new(exitCode, output.ToString(), error.ToString());
    }

    /// <summary>Calls a verb that looks at the state folder.</summary>
    public Task<CommandResult> CallHere(string verb, params string[] arguments) => Call([verb, .. arguments, "--state", State]);

    /// <summary>Deletes the folder, once the background engine that a test may have left has let go of it.</summary>
    public void Dispose() => ChildProcess.Await(TryDelete, $"{Folder} to be deleted");

    private bool TryDelete()
    {
        try { Directory.Delete(Folder, recursive: true); }
        catch (IOException) { return false; }
        return true;
    }

    private static string FakeStage => Path.Combine(AppContext.BaseDirectory, "fake-stage.dll");
}

/// <summary>What a command did.</summary>
internal sealed record CommandResult(int ExitCode, string Out, string Error)
{
    public JsonElement Json => JsonDocument.Parse(Out).RootElement;
}
