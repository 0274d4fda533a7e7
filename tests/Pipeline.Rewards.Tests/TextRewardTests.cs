using Pipeline.Protocol.Options;

namespace Pipeline.Rewards.Tests;

public class TextRewardTests
{
    [TestCase("a b c a b c", 3, 0.25, Description = "abc bca cab abc: 3 of 4 distinct")]
    [TestCase("a a a a a", 2, 0.75, Description = "aa four times: 1 of 4 distinct")]
    [TestCase("a b c d", 4, 0)]
    [TestCase("a b", 4, 0, Description = "shorter than an n-gram")]
    [TestCase("", 4, 0)]
    [TestCase("a\tb\n a  b", 2, 1 / 3.0, Description = "ab ba ab, whatever the white space")]
    public void Repetition_Share_IsOneMinusDistinctOverAll(string text, int ngram, double share)
    {
        Assert.That(Repetition.Share(text, ngram), Is.EqualTo(share).Within(1e-12));
        Assert.That(new Repetition(ngram).Score(Completions.Of(text)).Value, Is.EqualTo(-share).Within(1e-12), "a punishment");
    }

    [TestCase(0, 0)]
    [TestCase(80, 0)]
    [TestCase(90, -0.5, Description = "(100 - 20 - 90) / 20")]
    [TestCase(100, -1)]
    [TestCase(500, -1)]
    public void SoftOverlong_Length_FallsWithinTheMargin(int length, double score) =>
        Assert.That(new SoftOverlong(limit: 100, margin: 20).Score(Completions.Of("", length: length)).Value, Is.EqualTo(score));

    [TestCase("5", 0, 2)]
    [TestCase("5", 50, 1.5, Description = "half way along the cosine")]
    [TestCase("5", 25, 1.8535533905932737, Description = "1 + (1 + cos(pi / 4)) / 2")]
    [TestCase("6", 0, -10)]
    [TestCase("6", 50, -5)]
    [TestCase("5", 100, -10, Description = "cut off, whatever it says")]
    public void CosineLength_RightAndWrong_GoAlongTheirOwnCosines(string answer, int length, double score) =>
        Assert.That(new CosineLength(new CosineLengthTerm { Limit = 100 }, new Accuracy()).Score(Completions.Of($"<answer>{answer}</answer>", "5", length: length)).Value,
            Is.EqualTo(score).Within(1e-12));

    [Test]
    public void CosineLength_PromptWithoutTruth_IsNoneOfItsBusiness() =>
        Assert.That(new CosineLength(new CosineLengthTerm { Limit = 100 }, new Accuracy()).Score(Completions.Of("a")), Is.EqualTo(RewardScore.NotApplicable));

    [TestCase("<think>a</think><answer>b</answer>", 1)]
    [TestCase("<think>a</think>b", 0.5)]
    [TestCase("<think><think>a</think>", 0.25, Description = "twice does not count")]
    [TestCase("", 0)]
    public void TagCount_Tags_AreAQuarterEach(string text, double score) =>
        Assert.That(new TagCount().Score(Completions.Of(text)).Value, Is.EqualTo(score));

    [Test]
    public void Reflection_Words_AreCountedWhole() =>
        // wait, Wait, espera; not "waiter", "await" or "waits"
        Assert.That(new Reflection(["wait", "Espera"]).Count("Wait, the waiter: wait... await waits ¡espera!"), Is.EqualTo(3));

    [TestCase("<think>a</think>b", "a", "b")]
    [TestCase("<think>a", "a", "")]
    [TestCase("<think>a<answer>b</answer>", "a<answer>b</answer>", "", Description = "a tag within thought does not end it")]
    [TestCase("a</think>b", "a", "b", Description = "the template opened the thought and nobody said so")]
    [TestCase("a<answer>b</answer>", "a", "a<answer>b</answer>")]
    [TestCase("a", "a", "a")]
    [TestCase("", "", "")]
    public void Thinking_Text_IsToldFromTheSummary(string text, string thought, string summary)
    {
        Assert.That(Thinking.Of(text), Is.EqualTo(thought));
        Assert.That(Thinking.After(text), Is.EqualTo(summary));
    }
}
