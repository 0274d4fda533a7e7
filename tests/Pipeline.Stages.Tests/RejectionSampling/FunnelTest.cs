using Pipeline.Datasets.Chat;
using Pipeline.Datasets.Ngrams;
using Pipeline.Datasets.Parquet.Rows;
using Pipeline.Protocol.Options;
using Pipeline.Rewards;
using Pipeline.Stages.ChatModels;
using Pipeline.Stages.Completions;
using Pipeline.Stages.RejectionSampling;
using Pipeline.Stages.RejectionSampling.Filters;
using Pipeline.Training.Sampling;
using static TorchSharp.torch;

namespace Pipeline.Stages.Tests.RejectionSampling;

public sealed class FunnelTest
{
    private const string Right = "<think>2 plus 3 is 5</think><answer>5</answer>";
    private const string RightToo = "<think>3 plus 2 is 5</think><answer>5</answer>";

    private static readonly RejectionSamplingOptions s_options = new()
    {
        Words = new Dictionary<string, IReadOnlyList<string>> { ["en"] = ["plus", "is"], ["es"] = ["mas", "son"] },
        MaxParagraph = 12,
    };

    private ChatModel _model = null!;

    [OneTimeSetUp]
    public void Load() => _model = ChatModel.Load(Miniature.Base, CPU);

    [OneTimeTearDown]
    public void Unload() => _model.Dispose();

    [TestCase(Right, null)]
    [TestCase("<think>2 plus 3 is 6</think><answer>6</answer>", "wrong")]
    [TestCase("<think>2 plus 3 is 5</think>5", "no_answer")]
    [TestCase("<think>2 plus 3 is 5</think><answer>5 5</answer>", "unparsable")]
    [TestCase("<answer>5</answer>", "format")]
    [TestCase("<think>2 mas 3 is 5</think><answer>5</answer>", "language")]
    [TestCase("<think>2 plus 3 is 5 2 plus 3 is 5 2 plus 3 is 5 2 plus 3 is 5</think><answer>5</answer>", "repetition")]
    [TestCase("<think>a b c d e f g h i j k l m</think><answer>5</answer>", "paragraph")]
    [TestCase("<think>a b c d e f g\n \nh i j k l m</think><answer>5</answer>", null)] // seven words and six
    public void Pass_OneCompletion_IsDroppedForTheFirstReasonThatHolds(string text, string? reason) =>
        Assert.That(Reasons(s_options, Completion(text)), Is.EqualTo(new[] { reason }));

    [Test]
    public void Funnel_Options_DecideWhichFiltersAreAsked()
    {
        static string[] Asked(RejectionSamplingOptions options) => [.. Funnel.Of(options).Pass([]).Steps.Select(step => step.Reason)];
        Assert.That(Asked(new()), Is.EqualTo(new[]
        {
            "truncated", "control_token", "ungraded", "no_answer", "unparsable", "timeout", "wrong", "format", "repetition", "paragraph", "code_block", "duplicate",
        }));
        Assert.That(Asked(new() { Format = null, MaxParagraph = null, AllowCode = true, MaxLength = 9, MaxSimilarity = 0.8 }), Is.EqualTo(new[]
        {
            "truncated", "control_token", "ungraded", "no_answer", "unparsable", "timeout", "wrong", "repetition", "length", "duplicate", "similar",
        }));
    }

    [TestCase("<think>\n```python\nprint(5)\n```</think>5", true)]
    [TestCase("<think>print it</think>```python\nprint(5)\n```", false, Description = "in the answer it may stand")]
    public void CodeBlock_Text_IsLookedForInTheChainOfThought(string text, bool isThere) =>
        Assert.That(CodeBlock.In(text), Is.EqualTo(isThere));

    [Test]
    public void Pass_CutOffOrWithMarkup_IsDroppedThoughTheAnswerIsRight() =>
        Assert.That(
            Reasons(s_options, Completion(Right, StopReason.Length), Completion(Right + _model.Tokenizer.TokenOf(_model.Tokenizer.PadId!.Value)), Completion(Right, truth: "")),
            Is.EqualTo(new[] { "truncated", "control_token", "ungraded" }));

    [Test]
    public void Pass_OtherLengths_AreDropped()
    {
        var tokens = Completion(Right).Tokens.Length;
        Assert.That(Reasons(s_options with { MinLength = tokens }, Completion(Right)), Is.EqualTo(new string?[] { null }));
        Assert.That(Reasons(s_options with { MinLength = tokens + 1 }, Completion(Right)), Is.EqualTo(new[] { "length" }));
        Assert.That(Reasons(s_options with { MaxLength = tokens - 1 }, Completion(Right)), Is.EqualTo(new[] { "length" }));
    }

    [Test]
    public void Pass_NearCopiesOfAPrompt_AreDroppedAboveTheShare()
    {
        // Words: think 2 plus 3 is 5 think answer 5 answer, ten, so six 5-grams. Saying "answer" once more adds a seventh 5-gram:
        // six of seven, 86 %, are in both.
        const string near = "<think>2 plus 3 is 5</think><answer>5</answer> <answer>";
        var options = s_options with { Format = null, Answer = AnswerForm.Tags };
        Assert.That(Reasons(options with { MaxSimilarity = 0.8 }, Completion(Right), Completion(Right), Completion(near)), Is.EqualTo(new[] { null, "duplicate", "similar" }));
        Assert.That(Reasons(options with { MaxSimilarity = 0.9 }, Completion(Right), Completion(near)), Is.EqualTo(new string?[] { null, null }));
        Assert.That(Reasons(options with { MaxSimilarity = 0.8 }, Completion(Right), Completion(near, prompt: "add 3 2")), Is.EqualTo(new string?[] { null, null }), "another prompt");
    }

    [TestCase("one two three four five six seven eight nine ten eleven", "zero one two three four five six seven eight nine ten", true, Description = "ten in a row")]
    [TestCase("one two three four five six seven eight nine ten", "one two three four five six seven eight nine and ten", false, Description = "nine in a row")]
    [TestCase("What is 2+3?", "tell me: what is 2 + 3", true, Description = "a short prompt whole, whatever the marks")]
    [TestCase("hello there", "hello there", false, Description = "two words are nobody's")]
    public void EvaluationNgrams_OfAPrompt_AreFoundInAText(string prompt, string text, bool found) =>
        Assert.That(new EvaluationNgrams([prompt], n: 10).OccurIn(text), Is.EqualTo(found));

    [Test]
    public void EvaluationNgrams_OfInstructions_ContaminateNothing()
    {
        const string instruction = " Please reason step by step, and put your final answer within \\boxed{}.";
        var ngrams = new EvaluationNgrams(Enumerable.Range(0, 40).Select(number => $"Problem number {number} is unlike the others because of {number * 7}.{instruction}"), n: 10);
        Assert.That(ngrams.OccurIn($"Add 2 and 3.{instruction}"), Is.False);
        Assert.That(ngrams.OccurIn($"Problem number 3 is unlike the others because of 21.{instruction}"), Is.True);
    }

    [Test]
    public void Pass_PromptOfTheEvaluation_IsContaminated()
    {
        var funnel = Funnel.Of(s_options, new EvaluationNgrams(["add 2 3"], n: 10));
        var (left, steps) = funnel.Pass([Graded(Completion(Right)), Graded(Completion(Right, prompt: "add 3 2"))]);
        Assert.That(left.Single().Prompt, Does.Contain("add 3 2"));
        Assert.That(steps[^1], Has.Property("Reason").EqualTo("contaminated").And.Property("Dropped").EqualTo(1).And.Property("Left").EqualTo(1));
    }

    [Test]
    public void Pass_ManyCompletions_CountsAndShowsWhatEachFilterDropped()
    {
        var wrong = Enumerable.Range(6, 5).Select(answer => Graded(Completion($"<think>2 plus 3 is {answer}</think><answer>{answer}</answer>")));
        var (left, steps) = Funnel.Of(s_options).Pass([Graded(Completion(Right)), .. wrong]);
        var step = steps.Single(step => step.Reason == "wrong");
        Assert.Multiple(() =>
        {
            Assert.That(left, Has.Count.EqualTo(1));
            Assert.That((step.Dropped, step.Left), Is.EqualTo((5, 1)));
            Assert.That(step.Examples.Select(example => example.Completion), Is.EqualTo(new[] { 6, 7, 8 }.Select(answer => $"<think>2 plus 3 is {answer}</think><answer>{answer}</answer>")));
            Assert.That(step.Examples[0].Prompt, Is.EqualTo("add 2 3"));
        });
    }

    [Test]
    public void Choice_MoreThanAreKept_ArePreferredByTheirPlaceAndOtherwiseByTheirOrder()
    {
        Candidate[] candidates =
        [
            Graded(Completion(Right)), Graded(Completion(RightToo)), Graded(Completion("<think>is 5</think><answer>5</answer>")),
            Graded(Completion(Right, prompt: "add 3 2")),
        ];
        int[] Kept(int perPrompt, params double[] places) =>
            [.. Choice.Of(candidates, perPrompt, places, "").Kept.Select(kept => Array.IndexOf(candidates, kept))];
        Assert.Multiple(() =>
        {
            Assert.That(Kept(2, 0, 0, 0, 0), Is.EqualTo(new[] { 0, 1, 3 }), "the first two of one prompt, the one of the other");
            Assert.That(Kept(1, 9, 9, 3, 9), Is.EqualTo(new[] { 2, 3 }), "the shortest");
            Assert.That(Kept(2, -0.1, -0.9, -0.5, 0), Is.EqualTo(new[] { 1, 2, 3 }), "the best two, in the order of sampling");
        });
    }

    /// <summary>The reason for which each is dropped, in the order of the completions.</summary>
    private static string?[] Reasons(RejectionSamplingOptions options, params SampledCompletion[] completions)
    {
        var candidates = completions.Select(completion => Graded(completion, options.Answer)).ToList();
        var reasons = new string?[completions.Length];
        for (var count = 1; count <= completions.Length; count++)
        {
            var (_, steps) = Funnel.Of(options).Pass([.. candidates.Take(count)]);
            var (_, before) = Funnel.Of(options).Pass([.. candidates.Take(count - 1)]);
            reasons[count - 1] = steps.Zip(before).FirstOrDefault(pair => pair.First.Dropped > pair.Second.Dropped).First?.Reason;
        }
        return reasons;
    }

    private SampledCompletion Completion(string text, StopReason stop = StopReason.Eos, string truth = "5", string prompt = "add 2 3")
    {
        var asked = ChatPrompt.Of(new PromptRow([ChatMessage.User(prompt)], truth) { Language = "en" }, _model.Chat);
        int[] ids = [.. _model.Tokenizer.Encode(text), .. stop == StopReason.Eos ? [_model.Tokenizer.EosId] : Array.Empty<int>()];
        return new SampledCompletion(_model, asked, new Completion(ids, [], stop));
    }

    private static Candidate Graded(SampledCompletion completion, AnswerForm answer = AnswerForm.Any) => new(completion, new Accuracy(answer).Score(completion.Input));
}
