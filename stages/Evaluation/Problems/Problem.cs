using Pipeline.Datasets.Parquet.Rows;

namespace Pipeline.Stages.Evaluation.Problems;

/// <summary>A problem that a model is evaluated on.</summary>
/// <param name="Row">Prompt and ground truth.</param>
/// <param name="Level">Its difficulty, if it has one.</param>
/// <param name="Subject">Its subject, if it has one.</param>
public sealed record Problem(PromptRow Row, string? Level = null, string? Subject = null);
