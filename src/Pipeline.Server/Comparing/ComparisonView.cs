using System.Text.Json.Nodes;

namespace Pipeline.Server.Comparing;

/// <summary>Several runs beside one another.</summary>
/// <param name="Runs">The runs, in the order in which they were named.</param>
/// <param name="Stages">Their stages, each with the runs in which it was started.</param>
/// <param name="Differences">The settings in which they differ.</param>
/// <param name="Models">How their models were judged.</param>
internal sealed record ComparisonView(
    IReadOnlyList<ComparedRun> Runs,
    IReadOnlyList<ComparedStage> Stages,
    IReadOnlyList<SettingDifference> Differences,
    IReadOnlyList<ComparedModel> Models);

/// <summary>A run that is compared.</summary>
/// <param name="Run">Its id.</param>
/// <param name="Pipeline">Name of its pipeline.</param>
/// <param name="Submitted">When it was submitted.</param>
/// <param name="Seconds">How long it took, or has taken so far.</param>
/// <param name="Overrides">What was chosen for it on the command line.</param>
internal sealed record ComparedRun(string Run, string Pipeline, DateTimeOffset Submitted, double Seconds, IReadOnlyList<string> Overrides);

/// <summary>A stage that some of the runs have.</summary>
/// <param name="Instance">The stage instance.</param>
/// <param name="Uses">Its kind.</param>
/// <param name="Started">[runs]: whether it has curves there.</param>
internal sealed record ComparedStage(string Instance, string Uses, IReadOnlyList<bool> Started);

/// <summary>A setting that is not the same in all runs.</summary>
/// <param name="Instance">The stage instance.</param>
/// <param name="Setting">Its path among the options, or <c>seed</c>, <c>uses</c>, <c>cpus</c>.</param>
/// <param name="Values">[runs]: its value; null where the stage or the setting is missing.</param>
internal sealed record SettingDifference(string Instance, string Setting, IReadOnlyList<JsonNode?> Values);

/// <summary>A model that some of the runs have judged.</summary>
/// <param name="Name">Its name in the evaluation.</param>
/// <param name="Results">[runs]: its accuracy; null where it was not judged.</param>
internal sealed record ComparedModel(string Name, IReadOnlyList<ComparedResult?> Results);

/// <summary>Accuracy on held-out prompts.</summary>
/// <param name="Value">Share of the samples that are right.</param>
/// <param name="Low">Lower end of its 95 % interval; null if unknown.</param>
/// <param name="High">Upper end.</param>
internal sealed record ComparedResult(double Value, double? Low, double? High);
