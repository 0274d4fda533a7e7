using System.Diagnostics;
using Pipeline.Training.Models;
using Pipeline.Training.Sampling;

namespace Pipeline.Benchmarks;

/// <summary>Tokens sampled per second from a small model whose rows never end early.</summary>
internal static class SamplingThroughput
{
    public static double TokensPerSecond(int batch, int newTokens)
    {
        var config = new ModelConfig
        {
            VocabSize = 60, HiddenSize = 128, IntermediateSize = 352, Layers = 4, Heads = 4, KeyValueHeads = 2, MaxPositions = 128,
        };
        using var model = new LanguageModel(config, seed: 1);
        // Prompts of two lengths, as in practice, so that the mask is part of what is measured.
        int[][] prompts = [.. Enumerable.Range(0, batch).Select(i => Enumerable.Range(2, 12 + i % 2 * 4).ToArray())];
        var options = new SamplingOptions { MaxNewTokens = newTokens, EosTokenIds = [], Seed = 1, BatchSize = batch };
        var sampler = new Sampler(model);
        sampler.Sample(prompts, options with { MaxNewTokens = 4 });

        var clock = Stopwatch.StartNew();
        var completions = sampler.Sample(prompts, options);
        return completions.Sum(c => c.Tokens.Length) / clock.Elapsed.TotalSeconds;
    }
}
