using System.CommandLine;
using Pipeline.Cli.Hosting;
using Pipeline.Cli.Output;
using Pipeline.Engine.Runs;
using Pipeline.Protocol.Artifacts;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline verify RUN</c>: reads every artifact of a run again and compares it with the journal.</summary>
internal static class VerifyCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("verify", "Hash every artifact of a run again: is each still what its stage made?");
        var (run, state, json) = (SharedOptions.Run(), SharedOptions.State(), SharedOptions.Json());
        command.Arguments.Add(run);
        command.Options.Add(state);
        command.Options.Add(json);
        command.SetAction(async (parsed, _) =>
        {
            using var workspace = Workspace.OpenExisting(parsed.GetValue(state)!);
            var known = await workspace.Run(parsed.GetValue(run)!);
            var artifacts = known.Stages.SelectMany(stage => stage.Outputs.Select(output => Check(stage, output.Key, output.Value))).ToList();
            if (parsed.GetValue(json)) Json.Write(terminal, new { known.Run, Artifacts = artifacts });
            else Print(artifacts, terminal);
            return artifacts.All(artifact => artifact.State == ArtifactState.Whole) ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    private static CheckedArtifact Check(StageState stage, string name, StageOutput output)
    {
        var exists = File.Exists(output.Path) || Directory.Exists(output.Path);
        var state = !exists ? ArtifactState.Missing
            : ArtifactDigest.Of(output.Path) == output.Digest ? ArtifactState.Whole
            : ArtifactState.Changed;
        return new(stage.Instance, name, state, output.Path, output.Digest);
    }

    private static void Print(List<CheckedArtifact> artifacts, Terminal terminal)
    {
        foreach (var artifact in artifacts.Where(artifact => artifact.State != ArtifactState.Whole))
            terminal.Error.WriteLine($"{artifact.Stage}.{artifact.Output} is {Json.Word(artifact.State)}: {Printable.Line(artifact.Path)}");
        var whole = artifacts.Count(artifact => artifact.State == ArtifactState.Whole);
        terminal.Out.WriteLine($"{whole} of {artifacts.Count} artifacts are what their stages made.");
    }

    /// <summary>An artifact and what became of it.</summary>
    private sealed record CheckedArtifact(string Stage, string Output, ArtifactState State, string Path, string Digest);

    /// <summary>What became of an artifact.</summary>
    private enum ArtifactState
    {
        /// <summary>Its content is what its stage made.</summary>
        Whole,

        /// <summary>Its content is another.</summary>
        Changed,

        /// <summary>There is nothing at its path.</summary>
        Missing,
    }
}
