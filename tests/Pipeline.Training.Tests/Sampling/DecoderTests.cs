using Pipeline.Training.Models;
using Pipeline.Training.Sampling;
using Pipeline.Training.Sampling.Cpu;
using static TorchSharp.torch;

namespace Pipeline.Training.Tests.Sampling;

/// <summary>Both decoders give what the model gives that reads the whole text at once.</summary>
public sealed class DecoderTests
{
    /// <summary>Sizes that fill no panel and no vector: 13 tokens, heads of 6, 2 query heads to a key head, a bias.</summary>
    private static readonly ModelConfig Tiny = new()
    {
        Family = ModelFamily.Qwen2, VocabSize = 13, HiddenSize = 24, IntermediateSize = 40, Layers = 2, Heads = 4,
        KeyValueHeads = 2, MaxPositions = 400,
    };

    /// <summary>Heads of 80: one stretch of 64 channels and one of 16.</summary>
    private static readonly ModelConfig Wide = new()
    {
        VocabSize = 300, HiddenSize = 128, IntermediateSize = 352, Layers = 2, Heads = 2, KeyValueHeads = 1, HeadDim = 80, MaxPositions = 400,
    };

    private static IEnumerable<TestCaseData> Cases =>
        from decoder in (string[])["cpu", "tensor"]
        from config in (ModelConfig[])[Tiny, Wide]
        select new TestCaseData(decoder, config) { TestName = $"{decoder} decoder, {config.HiddenSize} channels" };

    [TestCaseSource(nameof(Cases))]
    public void Feed_PromptForksAndTokens_GivesTheScoresOfTheWholeText(string kind, ModelConfig config)
    {
        using var mode = inference_mode();
        using var scope = NewDisposeScope();
        using var model = Model(config);
        using IDecoder decoder = kind == "cpu" ? new CpuDecoder(model, 400) : new TensorDecoder(model, rows: 2, 400);
        int[] first = Tokens(config, 37, seed: 1), second = Tokens(config, 300, seed: 2); // 300: longer than is read at once

        var (a, b) = (decoder.Open(), decoder.Open());
        AssertScores(decoder.Feed([(a, first), (b, second)]), first, second);

        // A fork goes its own way from the middle of a block, and the first does not notice.
        var fork = decoder.Fork(a);
        AssertScores(decoder.Feed([(fork, [5]), (b, [6])]), [.. first, 5], [.. second, 6]);
        AssertScores(decoder.Feed([(a, [7]), (fork, [8])]), [.. first, 7], [.. first, 5, 8]);

        // What a closed sequence leaves is used again.
        decoder.Close(b);
        var again = decoder.Open();
        AssertScores(decoder.Feed([(fork, [9]), (again, second[..20])]), [.. first, 5, 8, 9], second[..20]);

        void AssertScores(ReadOnlySpan<float> scores, params int[][] texts)
        {
            var found = scores.ToArray();
            for (var i = 0; i < texts.Length; i++)
            {
                using var all = model.call(TokenBatch.Pad([texts[i]], texts[i].Length));
                Assert.That(found[(i * config.VocabSize)..((i + 1) * config.VocabSize)],
                    Is.EqualTo(all[0, texts[i].Length - 1].data<float>().ToArray()).Within(1e-4f));
            }
        }
    }

    [Test]
    public void Feed_OnTheCpu_GivesARowTheSameBitsInAnyCompanyAndInAnyParts()
    {
        using var mode = inference_mode();
        using var model = Model(Wide);
        using var decoder = new CpuDecoder(model, 400);
        var text = Tokens(Wide, 50, seed: 3);
        var alone = decoder.Open();
        var expected = decoder.Feed([(alone, text)]).ToArray();
        foreach (var company in (int[])[1, 3, 4, 7, 8, 12, 63])
        {
            var others = Enumerable.Range(0, company).Select(_ => decoder.Open()).ToList();
            var row = decoder.Open();
            decoder.Feed([(row, text[..29])]);
            decoder.Feed([.. others.Select((other, i) => (other, Tokens(Wide, 1 + i % 3, seed: i))), (row, text[29..49])]);
            var scores = decoder.Feed([.. others.Select(other => (other, (int[])[11])), (row, text[49..])]).ToArray();
            Assert.That(scores[^Wide.VocabSize..], Is.EqualTo(expected), $"beside {company} others");
        }
    }

    private static LanguageModel Model(ModelConfig config)
    {
        var model = new LanguageModel(config, seed: 3);
        using var noGradient = no_grad();
        foreach (var (_, weight) in ModelWeights.Of(model))
            if (weight.Dimensions > 1) weight.mul_(6);
            else weight.add_(0.1);
        return model;
    }

    private static int[] Tokens(ModelConfig config, int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(config.VocabSize))];
    }
}
