using Pipeline.Training.Models;
using Pipeline.Training.Sampling;
using static TorchSharp.torch;

namespace Pipeline.Training.Tests.Sampling;

public sealed class SamplerTests
{
    private const int Eos = 1;

    private static readonly ModelConfig Tiny = new()
    {
        Family = ModelFamily.Qwen2, VocabSize = 13, HiddenSize = 16, IntermediateSize = 24, Layers = 2, Heads = 4,
        KeyValueHeads = 2, MaxPositions = 64,
    };

    private static readonly int[][] Prompts = [[2, 3, 4, 5, 6], [7], [2, 3, 4, 5, 6], [8, 9, 10], [7], [11, 12]];

    private static readonly SamplingOptions Options = new() { MaxNewTokens = 20, EosTokenIds = [Eos], Seed = 5 };

    /// <summary>Weights large enough that tokens differ in probability, so that a wrong cache cannot hide.</summary>
    private static LanguageModel Model() => Model(Tiny);

    private static LanguageModel Model(ModelConfig config)
    {
        var model = new LanguageModel(config, seed: 3);
        using var noGradient = no_grad();
        foreach (var (_, weight) in ModelWeights.Of(model))
            if (weight.Dimensions > 1) weight.mul_(12);
            else weight.add_(0.1);
        return model;
    }

    [TestCase(ModelFamily.Llama)]
    [TestCase(ModelFamily.Qwen2)]
    [TestCase(ModelFamily.Qwen3)]
    public void LogProbs_OfCachedSampling_AreThoseOfTheWholeRowWithoutACache(ModelFamily family)
    {
        using var model = Model(Tiny with
        {
            Family = family, HeadDim = 6, RopeScaling = family == ModelFamily.Llama ? new RopeScaling.Llama3(8, 1, 4, 16) : null,
        });
        foreach (var temperature in new[] { 1.0, 0.7 })
        {
            var completions = new Sampler(model).Sample(Prompts, Options with { Temperature = temperature, TopP = temperature });
            for (var row = 0; row < Prompts.Length; row++)
            {
                using var scope = NewDisposeScope();
                int[] text = [.. Prompts[row], .. completions[row].Tokens];
                var logits = model.call(TokenBatch.Pad([text[..^1]], text.Length - 1)) / temperature;
                var plain = nn.functional.log_softmax(logits, -1)[0]
                    .gather(-1, tensor(text.Skip(1).Select(t => (long)t).ToArray()).unsqueeze(-1)).squeeze(-1);
                var expected = plain.data<float>().ToArray()[(Prompts[row].Length - 1)..];
                Assert.That(completions[row].LogProbs, Is.EqualTo(expected).Within(2e-5f), $"row {row} at temperature {temperature}");
            }
        }
    }

    [Test]
    public void Sample_OfTheSameRowsInSmallerBatches_GivesTheSameTokens()
    {
        using var model = Model();
        var together = new Sampler(model).Sample(Prompts, Options);
        var apart = new Sampler(model).Sample(Prompts, Options with { BatchSize = 1 });
        var tail = new Sampler(model).Sample(Prompts[4..], Options, firstRow: 4);
        Assert.That(apart.Select(c => c.Tokens), Is.EqualTo(together.Select(c => c.Tokens)));
        Assert.That(tail.Select(c => c.Tokens), Is.EqualTo(together.Skip(4).Select(c => c.Tokens)));
    }

    [TestCase(100)]
    [TestCase(2_500, Category = "soak")] // of 40 tokens at most: about 100,000 where few rows end early
    public void Sample_InBatchesOfAnySize_GivesTheSameBits(int rows)
    {
        // Rows end at different times and others take their places, so no two batches hold the same company at any step.
        using var model = Model();
        var prompts = Enumerable.Range(0, rows).Select(row => Prompts[row % Prompts.Length]).ToList();
        var options = Options with { MaxNewTokens = 40, EosTokenIds = rows > 100 ? [] : [Eos, 4] };
        var alone = new Sampler(model).Sample(prompts, options with { BatchSize = 1 });
        foreach (var batch in (int[])[7, 64])
        {
            var together = new Sampler(model).Sample(prompts, options with { BatchSize = batch });
            for (var row = 0; row < rows; row++)
            {
                Assert.That(together[row].Tokens, Is.EqualTo(alone[row].Tokens), $"row {row}");
                Assert.That(together[row].LogProbs, Is.EqualTo(alone[row].LogProbs), $"row {row}");
            }
        }
    }

    [Test]
    public void Sample_WithARuleThatStops_EndsAfterTheTokenThatFulfilsIt()
    {
        using var model = Model();
        var completions = new Sampler(model).Sample(Prompts, Options with { Stops = tokens => tokens.Count(token => token == 5) == 2 });
        foreach (var stopped in completions.Where(completion => completion.StopReason == StopReason.Stop))
        {
            Assert.That(stopped.Tokens[^1], Is.EqualTo(5));
            Assert.That(stopped.Tokens.Count(token => token == 5), Is.EqualTo(2));
        }
        Assert.That(completions.Select(completion => completion.StopReason), Does.Contain(StopReason.Stop));
    }

    [Test]
    public void Sample_WithARepetitionPenalty_WritesMoreDifferentTokens()
    {
        using var model = Model();
        var options = Options with { Temperature = 0, EosTokenIds = [], MaxNewTokens = 6 };
        Assert.That(Different(options with { RepetitionPenalty = 1e6 }), Is.GreaterThan(Different(options)));

        int Different(SamplingOptions options) => Prompts.Zip(new Sampler(model).Sample(Prompts, options))
            .Sum(row => row.First.Concat(row.Second.Tokens).Distinct().Count());
    }

    [Test]
    public void Progress_OfEachRow_IsItsTokensInTheirOrder()
    {
        using var model = Model();
        var told = Prompts.Select(_ => new List<int>()).ToArray();
        var completions = new Sampler(model).Sample(Prompts, Options, progress: (row, token) => told[row].Add(token));
        Assert.That(told, Is.EqualTo(completions.Select(completion => completion.Tokens)));
    }

    [Test]
    public void Sample_OfOnePromptInTwoRows_DrawsTwoCompletions()
    {
        using var model = Model();
        var completions = new Sampler(model).Sample(Prompts, Options);
        Assert.That(completions[0].Tokens, Is.Not.EqualTo(completions[2].Tokens));
    }

    [Test]
    public void Sample_AtTemperatureZero_TakesTheLikeliestTokenAndIgnoresTheSeed()
    {
        using var model = Model();
        var first = new Sampler(model).Sample(Prompts, Options with { Temperature = 0 });
        var second = new Sampler(model).Sample(Prompts, Options with { Temperature = 0, Seed = 99 });
        Assert.That(second.Select(c => c.Tokens), Is.EqualTo(first.Select(c => c.Tokens)));
        using var scope = NewDisposeScope();
        var likeliest = model.call(TokenBatch.Pad([Prompts[0]], 5))[0, 4].argmax().item<long>();
        Assert.That(first[0].Tokens[0], Is.EqualTo(likeliest));
    }

    [Test]
    public void StopReason_OfEachRow_IsEosExactlyWhereItsLastTokenIsInTheSet()
    {
        using var model = Model();
        var completions = new Sampler(model).Sample([.. Enumerable.Repeat(Prompts, 10).SelectMany(p => p)], Options with { EosTokenIds = [Eos, 4] });
        foreach (var completion in completions)
        {
            var ended = completion.Tokens[^1] is Eos or 4;
            Assert.That(completion.StopReason, Is.EqualTo(ended ? StopReason.Eos : StopReason.Length));
            Assert.That(completion.Tokens[..^1], Has.None.EqualTo(Eos).And.None.EqualTo(4));
            Assert.That(ended || completion.Tokens.Length == 20, Is.True);
            Assert.That(completion.LogProbs, Has.Length.EqualTo(completion.Tokens.Length));
        }
        Assert.That(completions.Select(c => c.StopReason).Distinct().Count(), Is.EqualTo(2), "both ways of ending occur");
    }

    [Test]
    public void Frequencies_OfTwentyThousandFirstTokens_AreTheModelsProbabilities()
    {
        // Standard error of a frequency at n = 20,000 is at most 0.5 / sqrt(20,000) = 0.0035; 5 of them are 0.018.
        using var scope = NewDisposeScope();
        using var model = Model();
        var completions = new Sampler(model).Sample([.. Enumerable.Repeat(Prompts[0], 20_000)], Options with { MaxNewTokens = 1, BatchSize = 5_000 });
        var probabilities = nn.functional.softmax(model.call(TokenBatch.Pad([Prompts[0]], 5))[0, 4], -1).data<float>().ToArray();
        for (var token = 0; token < Tiny.VocabSize; token++)
            Assert.That(completions.Count(c => c.Tokens[0] == token) / 20_000.0, Is.EqualTo(probabilities[token]).Within(0.018));
    }

    [Test]
    public void Uniform_OverRowsAndPositions_IsSpreadEvenly()
    {
        var draws = Enumerable.Range(0, 100).SelectMany(row => Enumerable.Range(0, 100).Select(p => CounterRandom.Uniform(1, row, p))).ToArray();
        // Mean of 10,000 uniforms: 0.5 with standard error sqrt(1/12) / 100 = 0.0029.
        Assert.That(draws.Average(), Is.EqualTo(0.5).Within(0.012));
        Assert.That(draws.Distinct().Count(), Is.GreaterThan(9_950), "10,000 draws from 2^23 values collide about 6 times");
        Assert.That(draws.All(u => u is >= 0 and < 1), Is.True);
    }

    [Test]
    public void Sample_OfAPromptWithoutTokens_SaysSo()
    {
        using var model = Model();
        Assert.That(() => new Sampler(model).Sample([[]], Options), Throws.TypeOf<TrainingException>().With.Property("Code").EqualTo(TrainingErrors.BadTokens));
    }

    [Test]
    public void Sample_BeyondThePositions_SaysHowManyThereAre()
    {
        using var model = Model();
        Assert.That(() => new Sampler(model).Sample(Prompts, Options with { MaxNewTokens = 60 }),
            Throws.TypeOf<TrainingException>().With.Property("Code").EqualTo(TrainingErrors.SequenceTooLong));
    }
}
