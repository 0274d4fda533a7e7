namespace Pipeline.Training.Models;

/// <summary>What a model folder holds, as its headers say; no weight is read.</summary>
/// <param name="Config">The shape.</param>
/// <param name="Head">What stands on the decoder.</param>
/// <param name="Parameters">Number of weights; a tied output head is counted once.</param>
/// <param name="Types">Of the weights, by their names in the files: F32, F16, BF16.</param>
/// <param name="Files">Number of files with weights.</param>
/// <param name="Bytes">Of the weights.</param>
public sealed record ModelSummary(ModelConfig Config, ModelHead Head, long Parameters, IReadOnlyList<string> Types, int Files, long Bytes);
