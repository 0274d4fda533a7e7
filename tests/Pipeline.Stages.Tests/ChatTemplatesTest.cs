using Pipeline.Datasets.Chat;
using Pipeline.Datasets.Parquet;
using Pipeline.Datasets.Parquet.Rows;
using Pipeline.Datasets.Tokenization;
using Pipeline.Protocol.Jobs;
using Pipeline.Protocol.Options;
using Pipeline.Stages.ChatModels;
using Pipeline.Stages.Tests.Harness;
using static TorchSharp.torch;

namespace Pipeline.Stages.Tests;

/// <summary>Base models have no chat template of use: a stage is told one, and the model it trains carries it.</summary>
public sealed class ChatTemplatesTest
{
    private static readonly ChatMessage[] s_talk = [ChatMessage.User("Why?"), ChatMessage.Assistant("So."), ChatMessage.User("And?")];

    private TestFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TestFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public void R1Zero_WritesTheTemplateOfThePaper()
    {
        // arXiv:2501.12948, table 1, letter by letter; its "prompt" is the question with the full stop that follows it.
        const string table = "A conversation between User and Assistant. The user asks a question, and the Assistant solves it. The assistant first "
            + "thinks about the reasoning process in the mind and then provides the user with the answer. The reasoning process and answer are "
            + "enclosed within <think> </think> and <answer> </answer> tags, respectively, i.e., <think> reasoning process here </think> "
            + "<answer> answer here </answer>. User: prompt. Assistant:";
        Assert.That(Render(ChatTemplateName.R1Zero, [ChatMessage.User("prompt.")], bos: null), Is.EqualTo(table));
        Assert.That(Render(ChatTemplateName.R1Zero, s_talk, "<s>"), Does.StartWith("<s>A conv").And.EndsWith("User: Why? Assistant:So.</s> User: And? Assistant:"));
    }

    [Test]
    public void Dialogue_WritesTurnsAndNothingElse() =>
        Assert.That(Render(ChatTemplateName.Dialogue, [new("system", "Be brief."), .. s_talk], "<s>"),
            Is.EqualTo("<s>Be brief.\n\nUser: Why?\n\nAssistant:\nSo.</s>\n\nUser: And?\n\nAssistant:\n"));

    [TestCase("sft", "dialogue", ChatTemplateName.Dialogue)]
    [TestCase("grpo", "r1-zero", ChatTemplateName.R1Zero)]
    public void Base_WithoutTemplate_IsTrainedInTheOneThatIsNamed_AndCarriesIt(string kind, string written, ChatTemplateName name)
    {
        var model = BaseWithoutTemplate();
        var rows = _folder.Of("rows.parquet");
        if (kind == "sft") Dataset.Write(rows, [new SftRow([ChatMessage.User("1 plus 1?"), ChatMessage.Assistant("<think>two</think><answer>2</answer>")], "test")]);
        var input = kind == "sft" ? ("dataset", rows) : ("prompts", Miniature.Data("prompts"));
        string Options(string template) => kind == "sft"
            ? $$"""{ "epochs": 1, "max_length": 1024{{template}} }"""
            : $$"""{ "steps": 1, "prompts_per_step": 1, "group_size": 2, "sampling": { "max_tokens": 4 }{{template}} }""";

        var without = Attempt.Of(_folder.Of("without"), kind, Options(""), ("model", model), input);
        Assert.That(without.Run(), Is.EqualTo(StageExit.Config));
        Assert.That(without.Error, Does.Contain("has no chat_template.jinja"));

        var trained = Attempt.Of(_folder.Of("trained"), kind, Options($", \"chat_template\": \"{written}\""), ("model", model), input).MustSucceed();
        Assert.That(File.ReadAllText(Path.Combine(trained.Output(), ChatTemplate.FileName)), Is.EqualTo(ChatTemplates.Jinja(name)));
        using var loaded = ChatModel.Load(trained.Output(), CPU);
        Assert.That(loaded.Chat.RenderPrompt([ChatMessage.User("q")]), Does.EndWith(name == ChatTemplateName.R1Zero ? " User: q Assistant:" : "User: q\n\nAssistant:\n"));
    }

    private string BaseWithoutTemplate()
    {
        var tokens = new CharacterTokens(Control: ["<|pad|>", "<|end|>"], Words: [], Eos: "<|end|>", Pad: "<|pad|>");
        var ascii = "\n" + string.Concat(Enumerable.Range(32, 95).Select(code => (char)code));
        CharacterTokenizer.Create(_folder.Of("tokenizer"), ascii, tokens, "{{ messages[0]['content'] }}{{ eos_token }}");
        using var model = ChatModel.New(new ModelShape { Hidden = 16, Layers = 1, Heads = 2, KvHeads = 1, Intermediate = 16, MaxPositions = 1024 }, _folder.Of("tokenizer"), 1, CPU);
        model.Save(_folder.Of("base"));
        foreach (var file in (string[])[ChatTemplate.FileName, TokenizerRecord.FileName]) File.Delete(_folder.Of("base", file));
        return _folder.Of("base");
    }

    private static string Render(ChatTemplateName name, IReadOnlyList<ChatMessage> messages, string? bos) =>
        ChatTemplate.Parse(ChatTemplates.Jinja(name), bos, "</s>").Render(messages, addGenerationPrompt: true);
}
