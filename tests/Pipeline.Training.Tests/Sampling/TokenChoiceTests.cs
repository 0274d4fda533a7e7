using Pipeline.Training.Sampling;

namespace Pipeline.Training.Tests.Sampling;

public sealed class TokenChoiceTests
{
    private static readonly SamplingOptions Options = new() { MaxNewTokens = 1, EosTokenIds = [], Seed = 1 };

    /// <summary>Scores whose softmax is these probabilities.</summary>
    private static readonly float[] Logits = [.. new[] { 0.15f, 0.5f, 0.05f, 0.3f }.Select(p => MathF.Log(p))];

    [Test]
    public void Of_NoFilter_TakesTheTokenWhoseStretchTheNumberFallsInto() =>
        Assert.That(Counts(Options), Is.EqualTo(new[] { 150, 500, 50, 300 }).Within(1));

    [Test]
    public void Of_ManyTokens_GivesEachItsShare()
    {
        // Token i of 100 has probability (i + 1) / 5,050; stretches lie in the order of the tokens, across blocks of sixteen.
        var logits = Enumerable.Range(1, 100).Select(i => MathF.Log(i)).ToArray();
        var choice = new TokenChoice(Options, 100);
        for (var i = 0; i < 5_050; i++)
        {
            var uniform = (i + 0.5f) / 5_050;
            var expected = Enumerable.Range(0, 100).First(token => (token + 1) * (token + 2) / 2 > i);
            Assert.That(choice.Of(logits, [], uniform).Token, Is.EqualTo(expected));
        }
    }

    // Of the likeliest: 0.5 < 0.7 and 0.8 is not, so the nucleus is {0.5, 0.3}, drawn 5 : 3.
    [TestCase(0.7, 0, 0, 0, 625, 0, 375)]
    // The three likeliest are 0.5, 0.3, 0.15 of 0.95.
    [TestCase(1, 3, 0, 158, 526, 0, 316)]
    // At least 0.2 of 0.5: 0.05 is out.
    [TestCase(1, 0, 0.2, 158, 526, 0, 316)]
    // Top-k leaves 0.5 and 0.3; of their 0.8 the first has 0.625, more than half.
    [TestCase(0.5, 2, 0, 0, 1000, 0, 0)]
    // Top-p is taken of everything, though min-p leaves two: 0.5 + 0.3 < 0.9 keeps both.
    [TestCase(0.9, 0, 0.5, 0, 625, 0, 375)]
    public void Of_Filters_DrawNothingElse(double topP, int topK, double minP, params int[] counts) =>
        Assert.That(Counts(Options with { TopP = topP, TopK = topK, MinP = minP }), Is.EqualTo(counts).Within(1));

    [Test]
    public void Of_Temperature_IsInTheLogProbabilityAndFiltersAreNot()
    {
        // At temperature 0.5 probabilities are squared: 0.25 of 0.0225 + 0.25 + 0.0025 + 0.09 = 0.365.
        var (token, logProb) = new TokenChoice(Options with { Temperature = 0.5, TopK = 1 }, 4).Of(Logits, [], 0.99f);
        Assert.That(token, Is.EqualTo(1));
        Assert.That(logProb, Is.EqualTo(MathF.Log(0.25f / 0.365f)).Within(1e-6f));
    }

    [Test]
    public void Of_RepetitionPenalty_MakesSeenTokensLessLikelyAndLeavesTheLogProbability()
    {
        // Negative scores are multiplied: 2 log 0.5 = log 0.25, below log 0.3.
        var (token, logProb) = new TokenChoice(Options with { Temperature = 0, RepetitionPenalty = 2 }, 4).Of(Logits, [1], 0);
        Assert.That(token, Is.EqualTo(3));
        Assert.That(logProb, Is.EqualTo(MathF.Log(0.3f)).Within(1e-6f));
        // Positive ones are divided: 3 becomes 1.5, below 2.
        Assert.That(new TokenChoice(Options with { Temperature = 0, RepetitionPenalty = 2 }, 2).Of([3, 2], [0], 0).Token, Is.EqualTo(1));
    }

    [Test]
    public void Of_LargestNumberAndImpossibleTokens_TakesAPossibleOne()
    {
        float[] logits = [0, float.NegativeInfinity, 0, float.NegativeInfinity];
        Assert.That(new TokenChoice(Options, 4).Of(logits, [], MathF.BitDecrement(1)).Token, Is.EqualTo(2));
    }

    private static int[] Counts(SamplingOptions options)
    {
        var choice = new TokenChoice(options, Logits.Length);
        var counts = new int[Logits.Length];
        for (var i = 0; i < 1000; i++) counts[choice.Of(Logits, [], (i + 0.5f) / 1000).Token]++;
        return counts;
    }
}
