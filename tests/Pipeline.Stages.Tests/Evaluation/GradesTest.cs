using Pipeline.Datasets.Chat;
using Pipeline.Datasets.Parquet.Rows;
using Pipeline.Protocol.Options;
using Pipeline.Stages.ChatModels;
using Pipeline.Stages.Completions;
using Pipeline.Stages.Evaluation;
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
        var report = Grades.Report("model", [.. texts.Select(text => grader.Grade(Completion(text)))], samples: 3);
        Assert.Multiple(() =>
        {
            // Right: 2 of 3 and 1 of 3; the mean is 1/2. One resample of two in four draws the better prompt twice: 2/3 is the upper end.
            Assert.That(report.PassAt1.Value, Is.EqualTo(0.5).Within(1e-12));
            Assert.That(report.PassAt1.High, Is.EqualTo(2 / 3.0).Within(1e-12));
            // The mean of two draws of 1/2 ± 1/6 has the standard deviation 1/6 / sqrt(2) = 0.1179.
            Assert.That(report.PassAt1.StandardError, Is.EqualTo(0.1179).Within(2e-3));
            Assert.That(report.PassAtK, Is.EqualTo(1));
            Assert.That(report.ConsAtK, Is.EqualTo(0.5), "the majority says 5, then 6");
            Assert.That(report.Format, Is.EqualTo(5 / 6.0).Within(1e-12));
            Assert.That(report.Mixing, Is.EqualTo(1 / 6.0).Within(1e-12));
            Assert.That(report.Reflection, Is.EqualTo(2 / 6.0).Within(1e-12));
            Assert.That(report.UsefulReflection, Is.EqualTo(1 / 6.0).Within(1e-12));
            Assert.That(report.Truncation, Is.Zero);
            Assert.That(report.PerPrompt, Is.EqualTo(new[] { 2 / 3.0, 1 / 3.0 }).Within(1e-12));
        });
    }

    private SampledCompletion Completion(string text)
    {
        var prompt = ChatPrompt.Of(new PromptRow([ChatMessage.User("add 2 3")], "5") { Language = "en" }, _model.Chat);
        return new SampledCompletion(_model, prompt, new Completion([.. _model.Tokenizer.Encode(text), _model.Tokenizer.EosId], [], StopReason.Eos));
    }
}
