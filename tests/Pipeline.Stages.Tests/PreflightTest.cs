using Pipeline.Datasets.Chat;
using Pipeline.Datasets.Parquet;
using Pipeline.Datasets.Parquet.Rows;
using Pipeline.Protocol.Jobs;
using Pipeline.Protocol.Options;
using Pipeline.Stages.Grpo;
using Pipeline.Stages.Hosting;
using Pipeline.Stages.Tests.Harness;

namespace Pipeline.Stages.Tests;

/// <summary>What a stage looks at before it trains: silent mistakes of others, each an error or a warning of ours.</summary>
public sealed class PreflightTest
{
    private TestFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TestFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [TestCase("chat_template.jinja", "<|user|>", "<|user|> ")]
    [TestCase("tokenizer.json", "\n", "\n ")]
    public void Model_WhoseTemplateOrTokenizerHasDrifted_IsRefused(string file, string from, string to)
    {
        var model = Copy(Miniature.Base, "model");
        var path = Path.Combine(model, file);
        File.WriteAllText(path, File.ReadAllText(path).Replace(from, to, StringComparison.Ordinal));
        var attempt = Attempt.Of(_folder.Of("grpo"), "grpo", """{ "steps": 1 }""", ("model", model), ("prompts", Miniature.Data("prompts")));
        Assert.That(attempt.Run(), Is.EqualTo(StageExit.Config));
        Assert.That(attempt.Error, Does.StartWith($"error {StageErrors.TokenizerMismatch}: ").And.Contains("trained_with.txt"));

        File.Delete(Path.Combine(model, "trained_with.txt")); // the user means it
        using var loaded = ChatModels.ChatModel.Load(model, TorchSharp.torch.CPU);
        Assert.That(loaded.Parameters, Is.GreaterThan(0));
    }

    [Test]
    public void Rows_WithoutATurnToLearn_AreLeftOutAndTheirShareIsTold()
    {
        ChatMessage question = ChatMessage.User("what is 1 plus 1?"), answer = ChatMessage.Assistant("<think>1 plus 1 is 2</think><answer>2</answer>");
        var path = _folder.Of("rows.parquet");
        Dataset.Write(path, [new SftRow([question, answer], "test"), new SftRow([question], "test"), new SftRow([question, answer], "test"), new SftRow([question], "test")]);
        var attempt = Attempt.Of(_folder.Of("sft"), "sft", """{ "epochs": 1 }""", ("model", Miniature.Base), ("dataset", path)).MustSucceed();
        Assert.That(attempt.Result.Warnings, Is.EqualTo(new[] { "ROW_NOTHING_TO_LEARN: 2 of 4 rows (50 %) were left out: they have no assistant turn." }));
        Assert.That(attempt.Events.Select(one => one.Code), Does.Contain("ROW_NOTHING_TO_LEARN"));
    }

    [Test]
    public void PaddingThatIsAnEnd_IsWarnedOf()
    {
        var model = Copy(Miniature.Base, "model");
        var path = Path.Combine(model, "tokenizer_config.json");
        File.WriteAllText(path, File.ReadAllText(path).Replace("<|pad|>", "<|end|>", StringComparison.Ordinal));
        var attempt = Attempt.Of(_folder.Of("sft"), "sft", """{ "epochs": 1 }""", ("model", model), ("dataset", Miniature.Data("cold_start"))).MustSucceed();
        Assert.That(attempt.Result.Warnings.Single(), Does.StartWith("PAD_IS_EOS: "));
    }

    [TestCase(FormatProfile.R1Zero, "")]
    [TestCase(FormatProfile.R1Zero, "<think>\n")]
    [TestCase(FormatProfile.R1Zero, "<th")] // part of a tag, where that is several tokens
    [TestCase(FormatProfile.R1, "<think>\n\n</think>\n\n")] // Qwen3 without thinking: R1 may think nothing
    public void Format_ThatACompletionCanHave_IsAccepted(FormatProfile profile, string prefill) =>
        Assert.That(() => FormatCheck.Require([Term(profile)], prefill), Throws.Nothing);

    [TestCase(FormatProfile.R1Zero, "<think>\n\n</think>\n\n")] // R1-Zero must think something
    [TestCase(FormatProfile.R1, "<reasoning>\n")]
    [TestCase(FormatProfile.R1Zero, "Let me see. ")]
    public void Format_ThatNoCompletionCanHave_IsRefused(FormatProfile profile, string prefill) =>
        Assert.That(() => FormatCheck.Require([new() { Accuracy = new() }, Term(profile)], prefill), Throws.TypeOf<ConfigException>()
            .With.Property("Code").EqualTo(StageErrors.FormatImpossible).And.Message.Contains(prefill.ReplaceLineEndings("\\n")));

    [Test]
    public void Format_OfAPatternOfOnesOwn_IsNotLookedAt() =>
        Assert.That(() => FormatCheck.Require([new() { Format = new() { Pattern = "yes|no" } }], "<think>"), Throws.Nothing);

    private static RewardTerm Term(FormatProfile profile) => new() { Format = new() { Profile = profile } };

    private string Copy(string from, string name)
    {
        var to = Directory.CreateDirectory(_folder.Of(name)).FullName;
        foreach (var file in Directory.GetFiles(from)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        return to;
    }
}
