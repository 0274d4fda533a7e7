using System.Diagnostics;
using Pipeline.Training.Losses;
using Pipeline.Training.Models;
using Pipeline.Training.Models.Lora;
using Pipeline.Training.Optimization;
using static TorchSharp.torch;

namespace Pipeline.Benchmarks;

/// <summary>What a process holds at most that trains a model of 100 million parameters on 8 rows of 512 tokens, with activation checkpointing.</summary>
internal static class TrainingMemory
{
    private const int Batch = 8, Seq = 512;

    // 12 * (4 * 768 * 768 + 3 * 768 * 2,048) + 20,000 * 768 and the norms: 100.3 million.
    private static readonly ModelConfig Config = new()
    {
        VocabSize = 20_000, HiddenSize = 768, IntermediateSize = 2_048, Layers = 12, Heads = 12, MaxPositions = Seq,
    };

    /// <param name="lora">An adapter of rank 16 on all layers learns in place of the weights.</param>
    public static void Print(bool lora)
    {
        using var model = new LanguageModel(Config, seed: 1);
        model.Transformer.ActivationCheckpointing = true;
        using var adapter = lora ? new LoraAdapter(model, new(16, 32, ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]), seed: 1) : null;
        using var parameters = adapter is null ? new FlatParameters(model) : new FlatParameters(adapter.Weights.Select(weight => (weight.Key, weight.Value)));
        using var optimizer = new AdamW(parameters, new());
        using (NewDisposeScope())
        {
            var tokens = randint(Config.VocabSize, [Batch, Seq + 1], ScalarType.Int64);
            var mask = ones([Batch, Seq], ScalarType.Bool);
            var (logProbs, _) = ChunkedTokenLogProbs.Of(model.HiddenStates(tokens.narrow(1, 0, Seq)), model.OutputWeight, tokens.narrow(1, 1, Seq), mask);
            CrossEntropy.Of(logProbs, mask).backward();
            parameters.ClipGradients(parameters.GradientNorm(), maximum: 1);
            optimizer.Step(1e-4);
        }
        using var process = Process.GetCurrentProcess();
        Console.WriteLine($"peak memory      {process.PeakWorkingSet64 >> 20,8} MB   a step of {ModelWeights.Of(model).Values.Sum(weight => weight.numel()) / 1e6:F1}M parameters, "
            + $"{Batch} x {Seq} tokens, activation checkpointing, {(lora ? "an adapter" : "all weights")} learning");
    }
}
