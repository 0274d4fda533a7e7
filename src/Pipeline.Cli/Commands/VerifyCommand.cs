using System.CommandLine;
using Pipeline.Cli.Hosting;
using Pipeline.Cli.Output;
using Pipeline.Engine.Checkpoints;
using Pipeline.Engine.Runs;
using Pipeline.Protocol.Artifacts;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline verify RUN</c>: reads every artifact and checkpoint of a run again and compares it with what was recorded of it.</summary>
internal static class VerifyCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("verify", "Hash every artifact and checkpoint of a run again: is each still what its stage made?");
        var (run, state, json) = (SharedOptions.Run(), SharedOptions.State(), SharedOptions.Json());
        command.Arguments.Add(run);
        command.Options.Add(state);
        command.Options.Add(json);
        command.SetAction(async (parsed, _) =>
        {
            using var workspace = Workspace.OpenExisting(parsed.GetValue(state)!);
            var known = await workspace.Run(parsed.GetValue(run)!);
            var artifacts = known.Stages.SelectMany(stage => stage.Outputs.Select(output => Check(stage, output.Key, output.Value))).ToList();
            var checkpoints = known.Stages.SelectMany(stage => Checkpoints(workspace, known.Run, stage)).ToList();
            if (parsed.GetValue(json)) Json.Write(terminal, new { known.Run, Artifacts = artifacts, Checkpoints = checkpoints });
            else Print(artifacts, checkpoints, terminal);
            return artifacts.All(artifact => artifact.State == ArtifactState.Whole) && checkpoints.All(checkpoint => checkpoint.Damage is null)
                ? ExitCode.Done : ExitCode.Failed;
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

    // Those of living attempts may be deleted while they are read.
    private static IEnumerable<CheckedCheckpoint> Checkpoints(Workspace workspace, string run, StageState stage) =>
        from attempt in stage.Attempts
        where !attempt.Alive
        from checkpoint in CheckpointVerification.In(workspace.Folder.Attempt(new(run, stage.Instance, attempt.Number)))
        select new CheckedCheckpoint(
            stage.Instance, attempt.Number, checkpoint.Step, checkpoint.Path, CheckpointVerification.Damage(checkpoint, attempt.Intent.Fingerprint));

    private static void Print(List<CheckedArtifact> artifacts, List<CheckedCheckpoint> checkpoints, Terminal terminal)
    {
        foreach (var checkpoint in checkpoints.Where(checkpoint => checkpoint.Damage is not null))
            terminal.Error.WriteLine($"{checkpoint.Stage}, checkpoint at step {checkpoint.Step}: {Printable.Line(checkpoint.Damage!)}: {Printable.Line(checkpoint.Path)}");
        foreach (var artifact in artifacts.Where(artifact => artifact.State != ArtifactState.Whole))
            terminal.Error.WriteLine($"{artifact.Stage}.{artifact.Output} is {Json.Word(artifact.State)}: {Printable.Line(artifact.Path)}");
        var whole = artifacts.Count(artifact => artifact.State == ArtifactState.Whole);
        terminal.Out.WriteLine($"{whole} of {artifacts.Count} artifacts are what their stages made.");
        if (checkpoints.Count > 0)
            terminal.Out.WriteLine($"{checkpoints.Count(checkpoint => checkpoint.Damage is null)} of {checkpoints.Count} checkpoints are whole.");
    }

    /// <summary>An artifact and what became of it.</summary>
    private sealed record CheckedArtifact(string Stage, string Output, ArtifactState State, string Path, string Digest);

    /// <summary>A checkpoint, and what is wrong with it; null if nothing is.</summary>
    private sealed record CheckedCheckpoint(string Stage, int Attempt, long Step, string Path, string? Damage);

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
