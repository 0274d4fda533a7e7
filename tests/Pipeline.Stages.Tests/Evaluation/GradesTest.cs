using Pipeline.Datasets.Chat;
using Pipeline.Datasets.Parquet.Rows;
using Pipeline.Protocol.Options;
using Pipeline.Rewards;
using Pipeline.Stages.ChatModels;
using Pipeline.Stages.Completions;
using Pipeline.Stages.Evaluation;
using Pipeline.Stages.Evaluation.Problems;
using Pipeline.Training.Sampling;
using static TorchSharp.torch;

namespace Pipeline.Stages.Tests.Evaluation;

public sealed class GradesTest
{
    private ChatModel _model = null!;

    [OneTimeSetUp]
    public void Load() => _model = ChatModel.Load(Miniature.Base, CPU);

    [OneTimeTearDown]
    public void Unload() => _model.Dispose();

    [Test]
    public void Report_TwoPromptsOfThreeSamples_CountsEachRateByHand()
    {
        var grader = new Grader(new EvaluationOptions
        {
            Words = new Dictionary<string, IReadOnlyList<string>> { ["en"] = ["plus", "is", "wait"], ["es"] = ["mas", "son"] },
            ReflectionWords = ["wait"],
        });
        string[] texts =
        [
            "<think>2 plus 3 is 5</think><answer>5</answer>", "<think>2 mas 3 is 5</think><answer>5</answer>", "<answer>4</answer>",
            "<think>2 plus 3 is 6</think><answer>6</answer>", "<think>2 plus 3 is 6 wait</think><answer>6</answer>", "<think>wait 2 plus 3 is 5</think><answer>5</answer>",
        ];
        var report = Grades.Report("model", [.. texts.Select(text => Grade(grader, text))], samples: 3);
        Assert.Multiple(() =>
        {
            // Right: 2 of 3 and 1 of 3; the mean is 1/2. One resample of two in four draws the better prompt twice: 2/3 is the upper end.
            Assert.That(report.PassAt1.Value, Is.EqualTo(0.5).Within(1e-12));
            Assert.That(report.PassAt1.High, Is.EqualTo(2 / 3.0).Within(1e-12));
            // The mean of two draws of 1/2 ± 1/6 has the standard deviation 1/6 / sqrt(2) = 0.1179.
            Assert.That(report.PassAt1.StandardError, Is.EqualTo(0.1179).Within(2e-3));
            // What a prompt adds to each number makes up that number.
            foreach (var (metric, value) in new[]
            {
                ("pass@1", report.PassAt1.Value), ("format", report.Format), ("mixing", report.Mixing!.Value), ("repetition", report.Repetition),
                ("truncation", report.Truncation), ("mean_length", report.MeanLength), ("reflection", report.Reflection),
                ("useful_reflection", report.UsefulReflection!.Value), ("corrected", report.Corrected!.Value), ("recovery", report.Recovery!.Value),
            })
                Assert.That(report.ByPrompt[metric].Above.Sum() / report.ByPrompt[metric].Below.Sum(), Is.EqualTo(value).Within(1e-12), metric);
            Assert.That(report.PassAtK, Is.EqualTo(1));
            // Two of three samples hold a right one unless both are wrong: 1 - C(1,2)/C(3,2) = 1, and 1 - C(2,2)/C(3,2) = 2/3.
            Assert.That(report.PassAt.Select(pass => (pass.K, Math.Round(pass.Value, 9))), Is.EqualTo(new[] { (1, 0.5), (2, Math.Round(5 / 6.0, 9)) }));
            Assert.That(report.Outcomes, Is.EqualTo(new Dictionary<string, int> { ["correct"] = 3, ["wrong"] = 3 }));
            Assert.That(report.ConsAtK, Is.EqualTo(0.5), "the majority says 5, then 6");
            Assert.That(report.Format, Is.EqualTo(5 / 6.0).Within(1e-12));
            Assert.That(report.Mixing, Is.EqualTo(1 / 6.0).Within(1e-12));
            Assert.That(report.Reflection, Is.EqualTo(2 / 6.0).Within(1e-12));
            Assert.That(report.UsefulReflection, Is.EqualTo(1 / 6.0).Within(1e-12));
            Assert.That(report.Truncation, Is.Zero);
            Assert.That(report.PerPrompt, Is.EqualTo(new[] { 2 / 3.0, 1 / 3.0 }).Within(1e-12));
        });
    }

    [Test]
    public void Report_PromptsThatWereNotGraded_AreNotDividedBy()
    {
        // Two samples each. "{" is no answer anybody could match: of three prompts two were graded, with 2 of 2 and 0 of 2 right.
        var grader = new Grader(new EvaluationOptions());
        const string right = "<think>a</think><answer>5</answer>", wrong = "<think>a</think><answer>4</answer>";
        var report = Grades.Report("model",
        [
            Grade(grader, right, level: "2"), Grade(grader, right, level: "2"),
            Grade(grader, right, truth: Unparsable), Grade(grader, wrong, truth: Unparsable),
            Grade(grader, wrong, level: "10"), Grade(grader, wrong, level: "10"),
        ], samples: 2);
        Assert.Multiple(() =>
        {
            Assert.That((report.N, report.PassAt1.Value, report.PassAtK), Is.EqualTo((2, 0.5, 0.5)));
            Assert.That(report.Outcomes["gold_unparsable"], Is.EqualTo(2));
            Assert.That(report.ByLevel.Select(level => (level.Name, level.N, level.PassAt1.Value)), Is.EqualTo(new[] { ("2", 1, 1.0), ("10", 1, 0.0) }));
            Assert.That(report.BySubject, Is.Empty);
        });
    }

    [Test]
    public void Report_ACompletionThatCorrectsItselfAndEndsRight_IsCounted()
    {
        var grader = new Grader(new EvaluationOptions { ReflectionWords = ["wait"] });
        var report = Grades.Report("model",
        [
            Grade(grader, "<think>2 plus 3 is 6\nwait 2 plus 3 is 5</think><answer>5</answer>"), Grade(grader, "<think>2 plus 3 is 5\nwait 2 plus 3 is 6</think><answer>6</answer>"),
            Grade(grader, "<think>wait 2 plus 3 is 5</think><answer>5</answer>"), Grade(grader, "<think>2 plus 3 is 5</think><answer>5</answer>"),
        ], samples: 4);
        Assert.That((report.Reflection, report.UsefulReflection, report.Corrected), Is.EqualTo((0.75, 0.5, 0.25)));
    }

    [Test]
    public void Report_PromptsOfCode_AreGradedByTheirTestsAndHaveNoMajority()
    {
        var row = new PromptRow([ChatMessage.User("Add.")], """{"inputs": ["2 3"], "outputs": ["5"]}""") { Ability = Verifier.CodeAbility };
        var prompt = ChatPrompt.OfMessages(row);
        string[] programs = ["console.log(5)", "console.log(6)", "console.log(", "const [a, b] = readline().split(' '); console.log(+a + +b)"];
        var grades = new Grader(new EvaluationOptions { Code = new() { Language = CodeLanguage.JavaScript } })
            .Grade([.. programs.Select(program => (new Problem(row), SampledCompletion.OfText(prompt, $"```js\n{program}\n```", length: 9, isTruncated: false)))]);
        var report = Grades.Report("model", grades, samples: 4);
        Assert.That((report.N, report.PassAt1.Value, report.Outcomes["correct"], report.Outcomes["wrong"]), Is.EqualTo((1, 0.5, 2, 2)));
        Assert.That(report.ConsAtK, Is.NaN);
    }

    private const string Unparsable = "{";

    private Grade Grade(Grader grader, string text, string truth = "5", string? level = null)
    {
        var row = new PromptRow([ChatMessage.User("add 2 3")], truth) { Language = "en" };
        return grader.Grade([(new Problem(row, level), Completion(row, text))]).Single();
    }

    private SampledCompletion Completion(PromptRow row, string text)
    {
        var prompt = ChatPrompt.Of(row, _model.Chat);
        return new SampledCompletion(_model, prompt, new Completion([.. _model.Tokenizer.Encode(text), _model.Tokenizer.EosId], [], StopReason.Eos));
    }
}
