namespace Pipeline.Rewards.Tests;

public class AccuracyTests
{
    private static readonly Accuracy s_accuracy = new();

    [Test]
    public void Score_RightAndWrong_SaysWhichAnswerItSaw()
    {
        Assert.That(s_accuracy.Score(Completions.Of("<answer>1/2</answer>", "0.5")), Is.EqualTo(new RewardScore(1, RewardOutcome.Correct, "1/2")));
        Assert.That(s_accuracy.Score(Completions.Of("<answer>2</answer>", "0.5")), Is.EqualTo(new RewardScore(0, RewardOutcome.Wrong, "2")));
    }

    [Test]
    public void Score_EmptyCompletion_IsNoAnswer() =>
        Assert.That(s_accuracy.Score(Completions.Of("", "5")), Is.EqualTo(new RewardScore(0, RewardOutcome.NoAnswer)));

    [TestCase(@"\frac{1}{")]
    [TestCase("3/0")]
    [TestCase("1 2")]
    public void Score_AnswerNobodyCanRead_IsUnparsableAndCounts(string answer) =>
        Assert.That(s_accuracy.Score(Completions.Of($"<answer>{answer}</answer>", "5")), Is.EqualTo(new RewardScore(0, RewardOutcome.AnswerUnparsable, answer)));

    [Test]
    public void Score_AnswerThatCostsTooMuch_IsATimeoutAndCounts()
    {
        // 9^(9^9) has 369,693,100 digits.
        const string answer = "9^{9^9}";
        Assert.That(s_accuracy.Score(Completions.Of($"<answer>{answer}</answer>", "5")), Is.EqualTo(new RewardScore(0, RewardOutcome.Timeout, answer)));
    }

    [TestCase("")]
    [TestCase(" $ $ ")]
    [TestCase(@"\frac{1}{")]
    [TestCase("3/0")]
    public void Score_GoldNobodyCouldMatch_HasNoScore(string gold)
    {
        var score = s_accuracy.Score(Completions.Of("<answer>5</answer>", gold));
        Assert.That(score.Outcome, Is.EqualTo(RewardOutcome.GoldUnparsable));
        Assert.That(score.Value, Is.NaN, "a 0 would punish right answers");
    }

    [Test]
    public void Score_PromptWithoutGold_IsNoneOfItsBusiness() =>
        Assert.That(s_accuracy.Score(Completions.Of("<answer>5</answer>", truth: null)), Is.EqualTo(RewardScore.NotApplicable));

    [Test]
    public void Score_TemplateOpenedTheThought_LooksAtPrefillAndCompletion()
    {
        // Without its prefill the text would have a closing tag only; with it the box is after the thought.
        var input = Completions.Of(@"\boxed{3}</think>\boxed{4}", "4", prefill: "<think>");
        Assert.That(s_accuracy.Score(input).Value, Is.EqualTo(1));
    }
}
