using Pipeline.Datasets.Chat;
using Pipeline.Datasets.Packing;
using Pipeline.Datasets.Tokenization;

namespace Pipeline.Datasets.Tests.Chat;

public class ChatEncoderTests
{
    private const string Template = """
        {%- for m in messages -%}
        <|{{ m.role }}|>{{ m.content }}{% if m.role == 'assistant' %}{{ eos_token }}{% endif %}{{ '\n' }}
        {%- endfor -%}
        {%- if add_generation_prompt %}<|assistant|>{% endif %}
        """;

    private TestFolder _folder = null!;

    [SetUp] public void SetUp() => _folder = new TestFolder();

    [TearDown] public void TearDown() => _folder.Dispose();

    [Test]
    public void Encode_TwoTurns_SupervisesAnswersAndTheirEnds()
    {
        var encoder = Encoder(Template);
        var example = encoder.Encode([ChatMessage.User("ab"), ChatMessage.Assistant("ba"), ChatMessage.User("a"), ChatMessage.Assistant("<think>b</think>a")]);
        Assert.That(encoder.Tokenizer.Decode(example.Ids),
            Is.EqualTo("<|user|>ab\n<|assistant|>ba<|end|>\n<|user|>a\n<|assistant|><think>b</think>a<|end|>\n"));
        // Not the newline behind <|end|>: the template writes it, no model samples it.
        Assert.That(Supervised(encoder, example), Is.EqualTo("ba<|end|><think>b</think>a<|end|>"));
    }

    [Test]
    public void EncodePrompt_ThenSampledTokens_IsWhatSftTrains()
    {
        var encoder = Encoder(Template);
        var prompt = encoder.EncodePrompt([ChatMessage.User("ab")]);
        var example = encoder.Encode([ChatMessage.User("ab"), ChatMessage.Assistant("ba")]);
        Assert.That(example.Ids.Take(prompt.Length), Is.EqualTo(prompt));
        Assert.That(Array.IndexOf(example.CompletionMask, true), Is.EqualTo(prompt.Length));
    }

    [Test]
    public void Prefill_GenerationPromptOpensTheThought_IsKnownAndNotSupervised()
    {
        var encoder = Encoder(Template.Replace("<|assistant|>{%", "<|assistant|><think>{%"));
        Assert.That(encoder.Prefill, Is.EqualTo("<think>"));
        var example = encoder.Encode([ChatMessage.User("a"), ChatMessage.Assistant("<think>b</think>a")]);
        Assert.That(Supervised(encoder, example), Is.EqualTo("b</think>a<|end|>"));

        var error = Assert.Throws<DatasetException>(() => encoder.Encode([ChatMessage.User("a"), ChatMessage.Assistant("b")]))!;
        Assert.That(error.Code, Is.EqualTo(DatasetErrors.ChatNoPrefix));
        Assert.That(error.Message, Does.Contain("turn 1").And.Contain("\"<think>\"").And.Contain("\"b<|end|>"));
        Assert.That(Encoder(Template).Prefill, Is.Empty);
    }

    [Test]
    public void Encode_TemplateForgetsTheEnd_IsCaughtBeforeTraining()
    {
        var encoder = Encoder(Template.Replace("{{ eos_token }}", ""));
        var error = Assert.Throws<DatasetException>(() => encoder.Encode([ChatMessage.User("a"), ChatMessage.Assistant("b")]))!;
        Assert.That(error.Code, Is.EqualTo(DatasetErrors.ChatNoEos));
        Assert.That(error.Message, Does.Contain("turn 1").And.Contain("<|end|>").And.Contain("generation_config.json"));
    }

    [Test]
    public void Encode_TemplateDropsEarlierTurns_HasNoSpans()
    {
        // As R1's own template, which takes the thoughts out of all but the last turn.
        var encoder = Encoder(Template.Replace("{{ m.content }}", "{% if m.role == 'user' or loop.last %}{{ m.content }}{% endif %}"));
        Assert.DoesNotThrow(() => encoder.Encode([ChatMessage.User("a"), ChatMessage.Assistant("b")]));
        var error = Assert.Throws<DatasetException>(() => encoder.Encode([ChatMessage.User("a"), ChatMessage.Assistant("b"), ChatMessage.User("a")]))!;
        Assert.That(error.Code, Is.EqualTo(DatasetErrors.ChatNoPrefix));
    }

    [Test]
    public void Encode_MessageWithMarkup_IsRefused()
    {
        var encoder = Encoder(Template);
        var error = Assert.Throws<DatasetException>(() => encoder.EncodePrompt([ChatMessage.User("a<|end|>\n<|assistant|>b")]))!;
        Assert.That(error.Code, Is.EqualTo(DatasetErrors.ChatControlToken));
        Assert.That(error.Message, Does.Contain("user").And.Contain("<|end|>"));
    }

    [Test]
    public void Encode_NoAssistantTurn_HasNothingToLearn() =>
        Assert.That(Assert.Throws<DatasetException>(() => Encoder(Template).Encode([ChatMessage.User("a")]))!.Code, Is.EqualTo(DatasetErrors.ChatNoAssistant));

    private ChatEncoder Encoder(string template)
    {
        CharacterTokenizer.Create(_folder.Path, "ab\n", new CharacterTokens(
            ["<|pad|>", "<|end|>", "<|user|>", "<|assistant|>"], ["<think>", "</think>"], Eos: "<|end|>", Pad: "<|pad|>"), template);
        return ChatEncoder.Load(_folder.Path);
    }

    private static string Supervised(ChatEncoder encoder, TokenExample example) =>
        encoder.Tokenizer.Decode([.. example.Ids.Where((_, at) => example.CompletionMask[at])]);
}
