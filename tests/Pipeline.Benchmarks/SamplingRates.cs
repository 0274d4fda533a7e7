using System.Diagnostics;
using Pipeline.Training.Models;
using Pipeline.Training.Sampling;
using static TorchSharp.torch;

namespace Pipeline.Benchmarks;

/// <summary>
/// Sampling at 29.5 million parameters, the size at which it is compared with llama.cpp: prompts of 32 tokens, 128 new ones;
/// and what a token costs behind a long context.
/// </summary>
internal static class SamplingRates
{
    private static readonly ModelConfig Config = new()
    {
        VocabSize = 4096, HiddenSize = 512, IntermediateSize = 1376, Layers = 8, Heads = 8, MaxPositions = 2048 + 64, TieEmbeddings = false,
    };

    /// <summary>Prints decoding rates at batch 1, 8 and 64.</summary>
    /// <param name="repetitions">Of each, alternating; the best and the median are printed.</param>
    public static void Print(int repetitions)
    {
        using var model = new LanguageModel(Config, seed: 1);
        foreach (var batch in (int[])[1, 8, 64])
        {
            var rates = Enumerable.Range(0, repetitions + 1).Select(_ => Decode(model, batch, prompt: 32, newTokens: 128)).Skip(1).Order().ToList();
            Console.WriteLine($"sampling         {rates[rates.Count / 2],8:F0} tokens/s   29.5M parameters, batch {batch}, 32 + 128 tokens; best {rates[^1]:F0}");
        }
    }

    /// <summary>Prints what a token costs behind 128 and behind 2,048 others.</summary>
    /// <param name="batch">Rows, each with a prompt of its own.</param>
    public static void PrintContextCost(int batch)
    {
        using var model = new LanguageModel(Config, seed: 1);
        var bytes = 4.0 * ModelWeights.Of(model).Where(weight => weight.Key != "model.embed_tokens.weight").Sum(weight => weight.Value.numel());
        var bandwidth = Bandwidth();
        foreach (var context in (int[])[128, 2048])
        {
            // 64 new tokens, the context in the middle of them.
            var step = batch / Decode(model, batch, context - 32, newTokens: 64);
            var cache = 4.0 * batch * context * 2 * Config.Layers * Config.KeyValueHeads * Config.HeadDim;
            var floor = (bytes + cache) / bandwidth;
            Console.WriteLine($"sampling step    {step * 1e3,8:F2} ms   batch {batch} at context {context}: {step / floor:F2} times the {floor * 1e3:F2} ms "
                + $"that reading weights and cache takes at {bandwidth / 1e9:F1} GB/s");
        }
    }

    /// <returns>Tokens per second, not counting prompts and first tokens: what llama.cpp's benchmark calls decoding.</returns>
    private static double Decode(LanguageModel model, int batch, int prompt, int newTokens)
    {
        var random = new Random(1);
        int[][] prompts = [.. Enumerable.Range(0, batch).Select(_ => Enumerable.Range(0, prompt).Select(_ => random.Next(Config.VocabSize)).ToArray())];
        var options = new SamplingOptions { Temperature = 0, MaxNewTokens = newTokens, EosTokenIds = [], Seed = 1, BatchSize = batch };
        var (drawn, started) = (0, 0L);
        new Sampler(model).Sample(prompts, options, progress: (_, _) =>
        {
            if (++drawn == batch) started = Stopwatch.GetTimestamp();
        });
        return batch * (newTokens - 1) / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <returns>Bytes per second of reading memory that is in no cache, by all threads.</returns>
    private static double Bandwidth()
    {
        using var scope = NewDisposeScope();
        var memory = ones(256 << 20, ScalarType.Float32);
        var best = double.MaxValue;
        for (var i = 0; i < 6; i++)
        {
            var clock = Stopwatch.StartNew();
            memory.sum().Dispose();
            best = Math.Min(best, clock.Elapsed.TotalSeconds);
        }
        return memory.numel() * 4 / best;
    }
}
