using Pipeline.Datasets.Parquet;
using Pipeline.Server.Stages;

namespace Pipeline.Server.Artifacts;

/// <summary>An artifact that a run made, or took from an earlier one.</summary>
/// <param name="Instance">The stage that made it.</param>
/// <param name="Output">Name of the output.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Digest">Its content hash.</param>
/// <param name="Rows">Number of rows, for a dataset.</param>
/// <param name="Parameters">Number of parameters, for a model.</param>
/// <param name="Bytes">Its size on disk; null if it is not there any more.</param>
/// <param name="Source">The attempt of another run that made it; null if this run did.</param>
internal sealed record ArtifactLine(
    string Instance, string Output, string Kind, string Digest, long? Rows, long? Parameters, long? Bytes, SourceView? Source);

/// <summary>A checkpoint that lies on the disk.</summary>
/// <param name="Instance">The stage that wrote it.</param>
/// <param name="Attempt">The attempt.</param>
/// <param name="Step">Optimizer steps that are in it.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Kept">The rules of the stage's policy that keep it; none: it can go.</param>
internal sealed record CheckpointLine(string Instance, int Attempt, long Step, long Bytes, IReadOnlyList<string> Kept);

/// <summary>An artifact with what is in it.</summary>
/// <param name="Artifact">What it is.</param>
/// <param name="MadeFrom">The artifacts of the run from which it was made, directly or not, nearest first.</param>
/// <param name="UsedBy">The inputs of stages that read it.</param>
/// <param name="Files">Its files.</param>
/// <param name="Documents">Its small text files: configuration, chat template, report.</param>
/// <param name="Dataset">Schema and first rows, for a dataset.</param>
internal sealed record ArtifactDetail(
    ArtifactLine Artifact,
    IReadOnlyList<ArtifactName> MadeFrom,
    IReadOnlyList<ArtifactName> UsedBy,
    IReadOnlyList<ArtifactFile> Files,
    IReadOnlyList<ArtifactDocument> Documents,
    DatasetPreview? Dataset);

/// <summary>A stage with one of its outputs, or of its inputs.</summary>
/// <param name="Instance">The stage instance.</param>
/// <param name="Name">Name of the output or input.</param>
/// <param name="Kind">What it is.</param>
internal sealed record ArtifactName(string Instance, string Name, string Kind);

/// <summary>A file of an artifact.</summary>
/// <param name="Path">Relative to the artifact.</param>
/// <param name="Bytes">Its size.</param>
internal sealed record ArtifactFile(string Path, long Bytes);

/// <summary>A small text file of an artifact.</summary>
/// <param name="Path">Relative to the artifact.</param>
/// <param name="Text">What it says.</param>
internal sealed record ArtifactDocument(string Path, string Text);
