using Pipeline.Protocol.Options;

namespace Pipeline.Rewards.Tests;

public class RewardSumTests
{
    private const string RightAndWellFormed = "<think>a</think><answer>5</answer>";

    [Test]
    public void Score_AccuracyAndFormat_AreAddedWithTheirWeights()
    {
        var sum = new RewardSum([new(new Accuracy()), new(Format.Of(FormatProfile.R1Zero), 0.5)]);
        // 1 * 1 + 0.5 * 1; then 1 * 0 + 0.5 * 1; then 1 * 1 + 0.5 * 0
        Assert.That(sum.Score(Completions.Of(RightAndWellFormed, "5")).Total, Is.EqualTo(1.5));
        Assert.That(sum.Score(Completions.Of(RightAndWellFormed, "6")).Total, Is.EqualTo(0.5));
        var right = sum.Score(Completions.Of("<answer>5</answer>", "5"));
        Assert.That(right.Total, Is.EqualTo(1));
        Assert.That(right.Scores["format"].Value, Is.Zero);
        Assert.That(right.Scores["accuracy"].Outcome, Is.EqualTo(RewardOutcome.Correct));
    }

    [Test]
    public void Score_BrevityBehindAccuracy_CannotBeBoughtWithWrongAnswers()
    {
        var gated = new RewardSum([new(new Accuracy()), new(new Brevity(100), 0.2) { Gate = new Accuracy() }]);
        var open = new RewardSum([new(new Accuracy()), new(new Brevity(100), 0.2)]);
        var shortAndWrong = Completions.Of("<answer>6</answer>", "5", length: 50);
        Assert.That(open.Score(shortAndWrong).Total, Is.EqualTo(0.1), "0.2 * (1 - 50 / 100)");
        Assert.That(gated.Score(shortAndWrong).Total, Is.Zero);
        Assert.That(gated.Score(shortAndWrong).Scores["brevity"].Value, Is.EqualTo(0.5), "the breakdown shows it nevertheless");
        Assert.That(gated.Score(Completions.Of("<answer>5</answer>", "5", length: 50)).Total, Is.EqualTo(1.1).Within(1e-12));
    }

    [Test]
    public void Score_AccuracyBehindFormat_CountsOnlyInTheRightForm()
    {
        var sum = new RewardSum([new(new Accuracy()) { Gate = Format.Of(FormatProfile.R1Zero) }]);
        Assert.That(sum.Score(Completions.Of("<answer>5</answer>", "5")).Total, Is.Zero);
        Assert.That(sum.Score(Completions.Of(RightAndWellFormed, "5")).Total, Is.EqualTo(1));
    }

    [Test]
    public void Score_GoldUnparsable_HasNoTotal()
    {
        var sum = new RewardSum([new(new Accuracy()), new(Format.Of(FormatProfile.R1Zero))]);
        var breakdown = sum.Score(Completions.Of(RightAndWellFormed, ""));
        Assert.That(breakdown.IsJudged, Is.False);
        Assert.That(breakdown.Scores["format"].Value, Is.EqualTo(1));
    }

    [Test]
    public void Score_GateCannotJudge_HasNoTotal()
    {
        var sum = new RewardSum([new(new Brevity(100)) { Gate = new Accuracy() }]);
        Assert.That(sum.Score(Completions.Of(RightAndWellFormed, "")).IsJudged, Is.False);
    }

    [Test]
    public void Score_OtherAbilityOrEarlierStep_LeavesTheTermOut()
    {
        var sum = RewardSum.Of(
        [
            new() { Accuracy = new() { Abilities = ["math"] } },
            new() { RewardModel = new() { Model = "helpful", Abilities = ["general"], FromStep = 30, Weight = 2 } },
        ]);
        var general = Completions.Of("hello") with { Ability = "general", Scores = new Dictionary<string, double> { ["reward_model"] = 0.75 } };
        Assert.That(sum.Score(general, step: 29).Total, Is.Zero);
        Assert.That(sum.Score(general, step: 30).Total, Is.EqualTo(1.5), "2 * 0.75");
        Assert.That(sum.Score(general, step: 30).Scores["accuracy"].Outcome, Is.EqualTo(RewardOutcome.NotApplicable));
        var math = Completions.Of("<answer>5</answer>", "5") with { Ability = "math" };
        Assert.That(sum.Score(math, step: 30).Total, Is.EqualTo(1), "and no reward model is needed");
    }

    [Test]
    public void Score_ModelWasNotRun_IsAnErrorAndNotAZero()
    {
        var error = Assert.Throws<RewardException>(() => new RewardSum([new(new ModelScore("helpful"))]).Score(Completions.Of("hello")))!;
        Assert.That(error.Code, Is.EqualTo(RewardException.ScoreMissing));
    }

    [Test]
    public void Of_Options_MakesEveryTerm()
    {
        IReadOnlyList<RewardTerm> options =
        [
            new() { Accuracy = new() },
            new() { Format = new() { Profile = FormatProfile.R1 } },
            new() { LanguageConsistency = new() { Words = new Dictionary<string, IReadOnlyList<string>> { ["en"] = ["one"] } } },
            new() { Repetition = new() { Ngram = 2, Weight = 3, OnlyIfCorrect = true } },
            new() { RewardModel = new() { Model = "a" } },
            new() { RewardModel = new() { Model = "b" } },
        ];
        var sum = RewardSum.Of(options);
        Assert.That(sum.Names, Is.EqualTo(new[] { "accuracy", "format", "language_consistency", "repetition", "reward_model", "reward_model_2" }));
        Assert.That(RewardTerms.Models(options).Select(model => (model.Name, model.Term.Model)),
            Is.EqualTo(new[] { ("reward_model", "a"), ("reward_model_2", "b") }));

        var input = Completions.Of("<think>one one one</think> <answer>5</answer>", "5", "en") with
        {
            Scores = new Dictionary<string, double> { ["reward_model"] = 0.25, ["reward_model_2"] = 0.5 },
        };
        // accuracy 1, format 1, language 1, and words "<think>one one one</think> <answer>5</answer>": no bigram twice, 0; 0.25 + 0.5
        Assert.That(sum.Score(input).Total, Is.EqualTo(3.75));
    }

    [Test]
    public void Of_OnlyIfCorrect_UsesTheAnswerFormOfTheAccuracyTerm()
    {
        var sum = RewardSum.Of(
        [
            new() { Accuracy = new() { Answer = AnswerForm.Boxed, Weight = 0 } },
            new() { Format = new() { Pattern = ".*", OnlyIfCorrect = true } },
        ]);
        Assert.That(sum.Score(Completions.Of(@"\boxed{5}", "5")).Total, Is.EqualTo(1));
        Assert.That(sum.Score(Completions.Of("<answer>5</answer>", "5")).Total, Is.Zero);
    }

    [Test]
    public void New_TwoTermsOfOneName_IsAnError()
    {
        var error = Assert.Throws<RewardException>(() => _ = new RewardSum([new(new Accuracy()), new(new Accuracy())]))!;
        Assert.That(error.Message, Does.Contain("2 terms named 'accuracy'"));
        Assert.Throws<RewardException>(() => _ = new RewardSum([]));
    }
}
