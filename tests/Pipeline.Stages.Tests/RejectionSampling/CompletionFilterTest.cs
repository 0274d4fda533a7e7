using Pipeline.Datasets.Chat;
using Pipeline.Datasets.Parquet.Rows;
using Pipeline.Protocol.Options;
using Pipeline.Stages.ChatModels;
using Pipeline.Stages.Completions;
using Pipeline.Stages.RejectionSampling;
using Pipeline.Training.Sampling;
using static TorchSharp.torch;

namespace Pipeline.Stages.Tests.RejectionSampling;

public sealed class CompletionFilterTest
{
    private const string Right = "<think>2 plus 3 is 5</think><answer>5</answer>";

    private static readonly RejectionSamplingOptions s_options = new()
    {
        Words = new Dictionary<string, IReadOnlyList<string>> { ["en"] = ["plus", "is"], ["es"] = ["mas", "son"] },
        KeepPerPrompt = 2,
    };

    private ChatModel _model = null!;

    [OneTimeSetUp]
    public void Load() => _model = ChatModel.Load(Miniature.Base, CPU);

    [OneTimeTearDown]
    public void Unload() => _model.Dispose();

    [TestCase(Right, null)]
    [TestCase("<think>2 plus 3 is 6</think><answer>6</answer>", "wrong")]
    [TestCase("<think>2 plus 3 is 5</think>5", "wrong")] // nothing where the answer is looked for
    [TestCase("<answer>5</answer>", "format")]
    [TestCase("<think>2 mas 3 is 5</think><answer>5</answer>", "language")]
    [TestCase("<think>2 plus 3 is 5 2 plus 3 is 5 2 plus 3 is 5 2 plus 3 is 5</think><answer>5</answer>", "repetition")]
    public void ReasonToDrop_OneCompletion_IsTheFirstThatHolds(string text, string? reason) =>
        Assert.That(new CompletionFilter(s_options).ReasonToDrop(Completion(text)), Is.EqualTo(reason));

    [Test]
    public void ReasonToDrop_CutOffOrWithMarkup_IsDroppedThoughTheAnswerIsRight()
    {
        var filter = new CompletionFilter(s_options);
        Assert.Multiple(() =>
        {
            Assert.That(filter.ReasonToDrop(Completion(Right, StopReason.Length)), Is.EqualTo("truncated"));
            Assert.That(filter.ReasonToDrop(Completion(Right + _model.Tokenizer.TokenOf(_model.Tokenizer.PadId))), Is.EqualTo("control_token"));
            Assert.That(filter.ReasonToDrop(Completion(Right, truth: "")), Is.EqualTo("ungraded"));
        });
    }

    [Test]
    public void ReasonToDrop_ManyRightAnswersOfAPrompt_KeepsDistinctOnesUpToTheNumber()
    {
        var filter = new CompletionFilter(s_options);
        string[] texts = [Right, Right, "<think>3 plus 2 is 5</think><answer>5</answer>", "<think>is 5</think><answer>5</answer>"];
        Assert.That(texts.Select(text => filter.ReasonToDrop(Completion(text))), Is.EqualTo(new[] { null, "duplicate", null, "surplus" }));
    }

    private SampledCompletion Completion(string text, StopReason stop = StopReason.Eos, string truth = "5")
    {
        var prompt = ChatPrompt.Of(new PromptRow([ChatMessage.User("add 2 3")], truth) { Language = "en" }, _model.Chat);
        int[] ids = [.. _model.Tokenizer.Encode(text), .. stop == StopReason.Eos ? [_model.Tokenizer.EosId] : Array.Empty<int>()];
        return new SampledCompletion(_model, prompt, new Completion(ids, [], stop));
    }
}
