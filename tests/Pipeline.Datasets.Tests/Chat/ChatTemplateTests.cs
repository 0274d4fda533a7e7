using System.Text.Json;
using Pipeline.Datasets.Chat;

namespace Pipeline.Datasets.Tests.Chat;

public class ChatTemplateTests
{
    public static IEnumerable<TestCaseData> JinjasOwn()
    {
        var path = Path.Combine(TestContext.CurrentContext.TestDirectory, "Reference", "templates.json");
        foreach (var entry in JsonDocument.Parse(File.ReadAllText(path)).RootElement.EnumerateArray())
            yield return new TestCaseData(entry).SetArgDisplayNames(entry.GetProperty("name").GetString()!);
    }

    /// <summary>The expected texts were rendered by Jinja itself, see Reference/make_templates.py.</summary>
    [TestCaseSource(nameof(JinjasOwn))]
    public void Render_Template_WritesWhatJinjaWrites(JsonElement entry)
    {
        var messages = entry.GetProperty("messages").EnumerateArray()
            .Select(turn => new ChatMessage(turn.GetProperty("role").GetString()!, turn.GetProperty("content").GetString()!)).ToList();
        Assert.That(Parse(entry.GetProperty("template").GetString()!).Render(messages, entry.GetProperty("add_generation_prompt").GetBoolean()),
            Is.EqualTo(entry.GetProperty("rendered").GetString()));
    }

    [TestCase("a\n  {% macro x() %}{% endmacro %}", 2, 6, "'macro'")]
    [TestCase("{{ messages | length }}", 1, 15, "'length'")]
    [TestCase("{{ messages[1:] }}", 1, 14, "':'")]
    [TestCase("{{ content.split('a') }}", 1, 17, "calling a function or method")]
    [TestCase("{% if messages is defined %}{% endif %}", 1, 16, "'is'")]
    [TestCase("{{ 'a' if true else 'b' }}", 1, 8, "'if'")]
    [TestCase("{{ 1 - 2 }}", 1, 6, "'-'")]
    [TestCase("{{ 1 == 1 == 1 }}", 1, 11, "second comparison")]
    [TestCase("{% for a, b in messages %}{% endfor %}", 1, 9, "','")]
    [TestCase("{% set x.y = 1 %}", 1, 9, "'.'")]
    [TestCase("{% if true %}\nx", 1, 4, "{% endif %} is missing")]
    [TestCase("{% if true %}{% endfor %}", 1, 4, "{% endif %} is expected")]
    [TestCase("x\n{% endif %}", 2, 1, "'endif' without a block")]
    [TestCase("{{ 'open }}", 1, 4, "not closed")]
    [TestCase("{{ x ", 1, 1, "'}}' is missing")]
    [TestCase("{# x", 1, 1, "'#}' is missing")]
    [TestCase(@"{{ '\x41' }}", 1, 5, @"\x")]
    [TestCase("{{ § }}", 1, 4, "'§'")]
    public void Parse_BeyondTheSubset_NamesConstructAndPlace(string template, int line, int column, string named)
    {
        var error = Assert.Throws<DatasetException>(() => Parse(template))!;
        Assert.That(error.Code, Is.EqualTo(DatasetErrors.TemplateSyntax));
        Assert.That(error.Message, Does.Contain($"line {line}, column {column}:").And.Contain(named));
    }

    [TestCase("{{ raise_exception('roles must alternate') }}", "roles must alternate")]
    [TestCase("{{ mesages }}", "undefined")]
    [TestCase("{{ messages[0].contnt }}", "undefined")]
    [TestCase("{{ messages }}", "a list cannot be written")]
    [TestCase("{{ messages[0].content + 1 }}", "'+' between 'hi' and 1")]
    [TestCase("{% for m in 'abc' %}{% endfor %}", "only a list")]
    [TestCase("{{ 'abc'.x }}", "no member 'x'")]
    public void Render_Fails_SaysWhere(string template, string named)
    {
        var error = Assert.Throws<DatasetException>(() => Parse(template).Render([ChatMessage.User("hi")], false))!;
        Assert.That(error.Code, Is.EqualTo(DatasetErrors.TemplateRender));
        Assert.That(error.Message, Does.Contain("line 1, column").And.Contain(named));
    }

    [Test]
    public void Render_UndefinedVariable_MayBeTested() =>
        Assert.That(Parse("{% if tools %}tools{% else %}none{% endif %}").Render([], false), Is.EqualTo("none"));

    [Test]
    public void Load_NoTemplate_FallsBackToTheTokenizersConfigAndThenSaysSo()
    {
        using var folder = new TestFolder();
        Pipeline.Datasets.Tokenization.CharacterTokenizer.Create(folder.Path, "a", new(["<|end|>"], [], "<|end|>", "<|end|>"), "x");
        var tokenizer = Pipeline.Datasets.Tokenization.Tokenizer.Load(folder.Path);
        File.Delete(folder["chat_template.jinja"]);
        Assert.That(Assert.Throws<DatasetException>(() => ChatTemplate.Load(folder.Path, tokenizer))!.Code, Is.EqualTo(DatasetErrors.TemplateFile));
        File.WriteAllText(folder["tokenizer_config.json"], """{ "eos_token": "<|end|>", "chat_template": "old {{ eos_token }}" }""");
        Assert.That(ChatTemplate.Load(folder.Path, tokenizer).Render([], false), Is.EqualTo("old <|end|>"));
    }

    private static ChatTemplate Parse(string template) => ChatTemplate.Parse(template, "<s>", "</s>");
}
