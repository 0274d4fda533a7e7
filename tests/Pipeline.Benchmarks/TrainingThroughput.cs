using System.Diagnostics;
using Pipeline.Training.Losses;
using Pipeline.Training.Models;
using Pipeline.Training.Optimization;
using static TorchSharp.torch;

namespace Pipeline.Benchmarks;

/// <summary>Whole training steps of a model of 5 million parameters: forward, loss, backward, clipping, AdamW.</summary>
internal static class TrainingThroughput
{
    private const int Batch = 16, Seq = 256, Steps = 8;

    private static readonly ModelConfig Config = new()
    {
        VocabSize = 512, HiddenSize = 256, IntermediateSize = 704, Layers = 7, Heads = 4, KeyValueHeads = 2, MaxPositions = Seq,
    };

    /// <returns>Parameters, tokens per second, and useful FLOP/s, of the best step.</returns>
    public static (long Parameters, double TokensPerSecond, double FlopsPerSecond) Measure()
    {
        using var model = new LanguageModel(Config, seed: 1);
        using var parameters = new FlatParameters(model);
        using var optimizer = new AdamW(parameters, new());
        using var tokens = randint(Config.VocabSize, [Batch, Seq + 1], ScalarType.Int64);
        var best = double.MaxValue;
        for (var step = 0; step < Steps; step++)
        {
            var clock = Stopwatch.StartNew();
            Step(model, parameters, optimizer, tokens);
            best = Math.Min(best, clock.Elapsed.TotalSeconds);
        }

        var count = ModelWeights.Of(model).Values.Sum(w => w.numel());
        // Two operations per weight and token forward, four backward. In causal attention a token meets half the others
        // on average, in two products of heads * headDim each: 2 * 2 * seq / 2 forward, as much again twice backward.
        double perToken = 6.0 * count + 6.0 * Config.Layers * Config.Heads * Config.HeadDim * Seq;
        return (count, Batch * Seq / best, perToken * Batch * Seq / best);
    }

    private static void Step(LanguageModel model, FlatParameters parameters, AdamW optimizer, TorchSharp.torch.Tensor tokens)
    {
        using var scope = NewDisposeScope();
        var mask = ones([Batch, Seq], ScalarType.Bool);
        var (logProbs, _) = ChunkedTokenLogProbs.Of(model.HiddenStates(tokens.narrow(1, 0, Seq)), model.OutputWeight, tokens.narrow(1, 1, Seq), mask);
        parameters.ZeroGradients();
        CrossEntropy.Of(logProbs, mask).backward();
        parameters.ClipGradients(parameters.GradientNorm(), maximum: 1);
        optimizer.Step(1e-4);
    }
}
