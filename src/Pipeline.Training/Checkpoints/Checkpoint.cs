using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace Pipeline.Training.Checkpoints;

/// <summary>All that determines the next step of a training.</summary>
/// <param name="Step">Optimizer steps that were made.</param>
/// <param name="Fingerprint">Of the stage whose training this is.</param>
/// <param name="Threads">Threads it is trained with.</param>
/// <param name="Tensors">
/// One safetensors file for each entry, by name without ending: "weights" and "optimizer", and what else the stage
/// needs, such as "reference".
/// </param>
/// <param name="State">Whatever is no tensor: data cursor, reward statistics. The stage's own, kept as it is.</param>
public sealed record Checkpoint(
    long Step, string Fingerprint, int Threads,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, Tensor>> Tensors, JsonObject State);
