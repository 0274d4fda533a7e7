using Pipeline.Rewards.Languages;

namespace Pipeline.Rewards.Tests.Languages;

public class LanguageConsistencyTests
{
    private static readonly WordLists s_words = new(new Dictionary<string, IReadOnlyList<string>>
    {
        ["en"] = ["one", "two", "plus", "is", "no"],
        ["es"] = ["uno", "dos", "más", "son", "no"],
    });

    private static readonly LanguageConsistency s_reward = new(s_words);

    [TestCase("<think>one plus two is 3</think>tres", 1, Description = "four words, all English")]
    [TestCase("<think>one más two son 3</think>", 0.5, Description = "2 of 4")]
    [TestCase("<think>UNO Más dos</think>", 0, Description = "all Spanish, whatever the case")]
    [TestCase("<think>one plus Xavier</think>", 1, Description = "a word in no list is of no language")]
    [TestCase("<think>no, no</think>", 1, Description = "a word of both is of the one asked for")]
    [TestCase("<think>1 + 2 = 3</think>one", 0, Description = "no words: nothing to reward")]
    [TestCase("<think></think>", 0)]
    [TestCase("", 0)]
    [TestCase("<think>one</think><answer>dos</answer>", 1, Description = "measured on the chain of thought")]
    public void Score_EnglishWanted_IsItsShareOfTheWords(string text, double score) =>
        Assert.That(s_reward.Score(Completions.Of(text, language: "en")).Value, Is.EqualTo(score));

    [Test]
    public void Score_SpanishWanted_TurnsTheShareAround() =>
        Assert.That(s_reward.Score(Completions.Of("<think>uno plus dos</think>", language: "es")).Value, Is.EqualTo(2 / 3.0).Within(1e-12));

    [Test]
    public void Score_LanguageUnknown_IsNoneOfItsBusiness() =>
        Assert.That(s_reward.Score(Completions.Of("one")).Outcome, Is.EqualTo(RewardOutcome.NotApplicable));

    [Test]
    public void Score_LanguageWithoutWords_IsAnErrorThatNamesIt()
    {
        var error = Assert.Throws<RewardException>(() => s_reward.Score(Completions.Of("one", language: "fr")))!;
        Assert.That(error.Code, Is.EqualTo(RewardException.Language));
        Assert.That(error.Message, Does.Contain("'fr'").And.Contain("en, es"));
    }

    [Test]
    public void Mixing_Completions_CountsThoseWithAnyForeignWord()
    {
        double?[] shares =
        [
            Mixing.Share(s_words, "<think>one plus two</think>", "en"), // 0
            Mixing.Share(s_words, "<think>one más two is</think>", "en"), // 1 of 4
            Mixing.Share(s_words, "<think>3</think>", "en"), // no words
            Mixing.Share(s_words, "<think>uno</think>", "en"), // 1
        ];
        Assert.That(shares, Is.EqualTo(new double?[] { 0, 0.25, null, 1 }));
        Assert.That(Mixing.Rate(shares), Is.EqualTo(0.5), "2 of 4 completions");
        Assert.That(Mixing.Rate([]), Is.Zero);
    }
}
