using Microsoft.Extensions.Time.Testing;
using Pipeline.Protocol.Options;

namespace Pipeline.Rewards.Tests;

public class RewardSumTests
{
    private static readonly Gate s_correct = new([], new Accuracy());

    private const string RightAndWellFormed = "<think>a</think><answer>5</answer>";

    /// <summary>Whatever it sees, 0.5.</summary>
    private sealed class Half : IRule
    {
        public string Name => "half";

        public RewardScore Score(RewardInput input) => new(0.5);
    }

    /// <summary>Begins, and never ends by itself; nor does it listen when it is asked to stop.</summary>
    private sealed class Hanging : IReward, IDisposable
    {
        private readonly ManualResetEventSlim _begun = new();
        private readonly TaskCompletionSource<IReadOnlyList<RewardScore>> _never = new();

        public string Name => "hanging";

        public ValueTask<IReadOnlyList<RewardScore>> ScoreAsync(IReadOnlyList<RewardInput> inputs, CancellationToken cancellation)
        {
            _begun.Set();
            return new(_never.Task);
        }

        public void AwaitBegin() => _begun.Wait();

        public void Dispose() => _begun.Dispose();
    }

    [Test]
    public async Task Score_ATermThatHangs_HoldsUpNobodyAndIsGivenUpAtItsLimit()
    {
        var clock = new FakeTimeProvider();
        using var hanging = new Hanging();
        var sum = new RewardSum([new(hanging) { Limit = TimeSpan.FromSeconds(10) }, new(new Half())], clock);
        var scoring = sum.ScoreAsync([Completions.Of("a"), Completions.Of("b")]);
        hanging.AwaitBegin(); // so this thread was not kept

        clock.Advance(TimeSpan.FromSeconds(9));
        Assert.That(scoring.IsCompleted, Is.False);
        clock.Advance(TimeSpan.FromSeconds(1));
        var judged = await scoring;
        Assert.That(judged.Select(one => one.Scores["hanging"]), Is.All.EqualTo(RewardScore.TimedOut));
        Assert.That(judged.Select(one => one.Scores["half"].Value), Is.All.EqualTo(0.5));
        Assert.That(judged.Select(one => one.IsJudged), Is.All.False, "what it would have said nobody knows");
    }

    [Test]
    public void Score_CallerGivesUp_IsNoTimeout()
    {
        using var hanging = new Hanging();
        using var end = new CancellationTokenSource();
        var scoring = new RewardSum([new(hanging) { Limit = TimeSpan.FromHours(1) }]).ScoreAsync([Completions.Of("a")], cancellation: end.Token);
        end.Cancel();
        Assert.That(async () => await scoring, Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void Score_AccuracyAndFormat_AreAddedWithTheirWeights()
    {
        var sum = new RewardSum([new(new Accuracy()), new(Format.Of(FormatProfile.R1Zero), 0.5)]);
        // 1 * 1 + 0.5 * 1; then 1 * 0 + 0.5 * 1; then 1 * 1 + 0.5 * 0
        Assert.That(sum.Of(Completions.Of(RightAndWellFormed, "5")).Total, Is.EqualTo(1.5));
        Assert.That(sum.Of(Completions.Of(RightAndWellFormed, "6")).Total, Is.EqualTo(0.5));
        var right = sum.Of(Completions.Of("<answer>5</answer>", "5"));
        Assert.That(right.Total, Is.EqualTo(1));
        Assert.That(right.Scores["format"].Value, Is.Zero);
        Assert.That(right.Scores["accuracy"].Outcome, Is.EqualTo(RewardOutcome.Correct));
    }

    [Test]
    public void Score_StyleBehindAccuracy_CannotBeBoughtWithWrongAnswers()
    {
        var gated = new RewardSum([new(new Accuracy()), new(new Half(), 0.2) { Gates = [s_correct] }]);
        var open = new RewardSum([new(new Accuracy()), new(new Half(), 0.2)]);
        var shortAndWrong = Completions.Of("<answer>6</answer>", "5", length: 50);
        Assert.That(open.Of(shortAndWrong).Total, Is.EqualTo(0.1), "0.2 * 0.5");
        Assert.That(gated.Of(shortAndWrong).Total, Is.Zero);
        Assert.That(gated.Of(shortAndWrong).Scores["half"].Value, Is.EqualTo(0.5), "the breakdown shows it nevertheless");
        Assert.That(gated.Of(Completions.Of("<answer>5</answer>", "5", length: 50)).Total, Is.EqualTo(1.1).Within(1e-12));
    }

    [Test]
    public void Score_AccuracyBehindFormat_CountsOnlyInTheRightForm()
    {
        var sum = new RewardSum([new(new Accuracy()) { Gates = [new(["format"])] }, new(Format.Of(FormatProfile.R1Zero), 0)]);
        Assert.That(sum.Of(Completions.Of("<answer>5</answer>", "5")).Total, Is.Zero);
        Assert.That(sum.Of(Completions.Of(RightAndWellFormed, "5")).Total, Is.EqualTo(1));
    }

    [Test]
    public void Score_GoldUnparsable_HasNoTotal()
    {
        var sum = new RewardSum([new(new Accuracy()), new(Format.Of(FormatProfile.R1Zero))]);
        var breakdown = sum.Of(Completions.Of(RightAndWellFormed, ""));
        Assert.That(breakdown.IsJudged, Is.False);
        Assert.That(breakdown.Scores["format"].Value, Is.EqualTo(1));
    }

    [Test]
    public void Score_GateCannotJudge_HasNoTotal()
    {
        var sum = new RewardSum([new(new Half()) { Gates = [s_correct] }]);
        Assert.That(sum.Of(Completions.Of(RightAndWellFormed, "")).IsJudged, Is.False);
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
        Assert.That(sum.Of(general, step: 29).Total, Is.Zero);
        Assert.That(sum.Of(general, step: 30).Total, Is.EqualTo(1.5), "2 * 0.75");
        Assert.That(sum.Of(general, step: 30).Scores["accuracy"].Outcome, Is.EqualTo(RewardOutcome.NotApplicable));
        var math = Completions.Of("<answer>5</answer>", "5") with { Ability = "math" };
        Assert.That(sum.Of(math, step: 30).Total, Is.EqualTo(1), "and no reward model is needed");
    }

    [Test]
    public void Score_Parts_AreTheScoresBehindTheirGatesAndNothingWhereATermHasNoOpinion()
    {
        var sum = new RewardSum([new(new Accuracy()) { Abilities = ["math"] }, new(new Half(), 0.2) { Gates = [s_correct] }]);
        var wrong = sum.Of(Completions.Of("<answer>6</answer>", "5") with { Ability = "general" });
        Assert.That(wrong.Parts, Is.EqualTo(new RewardPart[] { new(1, null), new(0.2, 0) }), "the gate is shut");
        var right = sum.Of(Completions.Of("<answer>5</answer>", "5") with { Ability = "math" });
        Assert.That(right.Parts, Is.EqualTo(new RewardPart[] { new(1, 1), new(0.2, 0.5) }));
    }

    [Test]
    public void Score_ModelWasNotRun_IsAnErrorAndNotAZero()
    {
        var error = Assert.Throws<RewardException>(() => new RewardSum([new(new ModelScore("helpful"))]).Of(Completions.Of("hello")))!;
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
            new() { TagCount = new() { Weight = 0 } },
            new() { CosineLength = new() { Limit = 10, Weight = 0 } },
            new() { RewardModel = new() { Model = "a" } },
            new() { RewardModel = new() { Model = "b" } },
        ];
        var sum = RewardSum.Of(options);
        Assert.That(sum.Names, Is.EqualTo(new[] { "accuracy", "format", "language_consistency", "repetition", "tag_count", "cosine_length", "reward_model", "reward_model_2" }));
        Assert.That(RewardTerms.Models(options).Select(model => (model.Name, model.Term.Model)),
            Is.EqualTo(new[] { ("reward_model", "a"), ("reward_model_2", "b") }));

        var input = Completions.Of("<think>one one one</think> <answer>5</answer>", "5", "en") with
        {
            Scores = new Dictionary<string, double> { ["reward_model"] = 0.25, ["reward_model_2"] = 0.5 },
        };
        // accuracy 1, format 1, language 1, and words "<think>one one one</think> <answer>5</answer>": no bigram twice, 0; 0.25 + 0.5
        Assert.That(sum.Of(input).Total, Is.EqualTo(3.75));
    }

    [Test]
    public void Of_OnlyIfFormat_GatesTheAccuracyWhereThereIsAFormat()
    {
        var sum = RewardSum.Of(
        [
            new() { Accuracy = new() { OnlyIfFormat = true } },
            new() { Format = new() { Abilities = ["math"], OnlyIfCorrect = true, Weight = 0.5 } },
        ]);
        Assert.That(sum.Of(Completions.Of(RightAndWellFormed, "5") with { Ability = "math" }).Total, Is.EqualTo(1.5));
        Assert.That(sum.Of(Completions.Of(RightAndWellFormed, "6") with { Ability = "math" }).Total, Is.Zero, "the form of a wrong answer");
        Assert.That(sum.Of(Completions.Of("<answer>5</answer>", "5") with { Ability = "math" }).Total, Is.Zero, "a right answer in the wrong form");
        Assert.That(sum.Of(Completions.Of("<answer>5</answer>", "5") with { Ability = "general" }).Total, Is.EqualTo(1), "no form is asked for");
    }

    [Test]
    public void Of_OnlyIfFormatWithoutAFormat_IsAnErrorThatSaysWhatToAdd()
    {
        var error = Assert.Throws<RewardException>(() => RewardSum.Of([new() { Accuracy = new() { OnlyIfFormat = true } }]))!;
        Assert.That(error.Message, Does.Contain("'accuracy'").And.Contain("'format'").And.Contain("weight 0"));
    }

    [Test]
    public void Of_OnlyIfCorrectOnCode_AsksTheTests()
    {
        var sum = RewardSum.Of(
        [
            new() { Code = new() { Language = CodeLanguage.JavaScript, Weight = 0 } },
            new() { Format = new() { Pattern = ".*", OnlyIfCorrect = true } },
        ]);
        const string tests = """{"inputs": [""], "outputs": ["5"]}""";
        Assert.That(sum.Of(Completions.Of("```js\nconsole.log(5)\n```", tests)).Total, Is.EqualTo(1));
        Assert.That(sum.Of(Completions.Of("```js\nconsole.log(6)\n```", tests)).Total, Is.Zero);
    }

    [Test]
    public void Of_OnlyIfCorrect_UsesTheAnswerFormOfTheAccuracyTerm()
    {
        var sum = RewardSum.Of(
        [
            new() { Accuracy = new() { Answer = AnswerForm.Boxed, Weight = 0 } },
            new() { Format = new() { Pattern = ".*", OnlyIfCorrect = true } },
        ]);
        Assert.That(sum.Of(Completions.Of(@"\boxed{5}", "5")).Total, Is.EqualTo(1));
        Assert.That(sum.Of(Completions.Of("<answer>5</answer>", "5")).Total, Is.Zero);
    }

    [Test]
    public void New_TwoTermsOfOneName_IsAnError()
    {
        var error = Assert.Throws<RewardException>(() => _ = new RewardSum([new(new Accuracy()), new(new Accuracy())]))!;
        Assert.That(error.Message, Does.Contain("2 terms named 'accuracy'"));
        Assert.Throws<RewardException>(() => _ = new RewardSum([]));
    }
}
