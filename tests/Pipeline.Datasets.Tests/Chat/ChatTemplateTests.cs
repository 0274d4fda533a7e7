using Pipeline.Datasets.Chat;

namespace Pipeline.Datasets.Tests.Chat;

public class ChatTemplateTests
{
    [TestCase("a\n  {% include 'x' %}", 2, 6, "'include'")]
    [TestCase("{{ messages | wordwrap }}", 1, 15, "no filter 'wordwrap'")]
    [TestCase("{{ messages[1:2:3:4] }}", 1, 12, "index")]
    [TestCase("{{ content.format('a') }}", 1, 12, "no method 'format'")]
    [TestCase("{{ content.split('a')(1) }}", 1, 22, "can be called")]
    [TestCase("{% if messages is callable %}{% endif %}", 1, 19, "no test 'callable'")]
    [TestCase("{{ lipsum() }}", 1, 4, "no function 'lipsum'")]
    [TestCase("{{ f(a=1, 2) }}{% macro f(a) %}{% endmacro %}", 1, 11, "without a name after one with a name")]
    [TestCase("{% break %}", 1, 4, "outside of a loop")]
    [TestCase("{% for m in messages %}{% macro f() %}{% break %}{% endmacro %}{% endfor %}", 1, 42, "outside of a loop")]
    [TestCase("{% for m in messages recursive %}{% endfor %}", 1, 22, "'recursive'")]
    [TestCase("{% set x.y.z = 1 %}", 1, 11, "'.'")]
    [TestCase("{% if true %}\nx", 1, 4, "{% endif %} is missing")]
    [TestCase("{% if true %}{% endfor %}", 1, 4, "{% endif %} is expected")]
    [TestCase("x\n{% endif %}", 2, 1, "'endif' without a block")]
    [TestCase("{{ 'open }}", 1, 4, "not closed")]
    [TestCase("{{ x ", 1, 1, "'}}' is missing")]
    [TestCase("{# x", 1, 1, "'#}' is missing")]
    [TestCase(@"{{ '\q' }}", 1, 5, @"\q")]
    [TestCase(@"{{ '\x4' }}", 1, 5, "2 hexadecimal digits")]
    [TestCase("{{ § }}", 1, 4, "'§'")]
    public void Parse_WhatIsNotUnderstood_NamesConstructAndPlace(string template, int line, int column, string named)
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
    [TestCase("{{ messages.__class__ }}", "no member '__class__'")]
    [TestCase("{{ messages[0].items }}", "method of every object")]
    [TestCase("{{ messages[0].upper() }}", "no method 'upper'")]
    [TestCase("{% set messages.x = 1 %}", "'messages' is not a namespace")]
    [TestCase("{{ 'a'.split('') }}", "empty text")]
    [TestCase("{{ 'a'.upper(1) }}", "takes no argument 1")]
    [TestCase("{{ 'a' | replace('a') }}", "needs the argument 'new'")]
    [TestCase("{{ 'a' | trim(zzz=1) }}", "takes no argument 'zzz'")]
    [TestCase("{{ 1 // 0 }}", "cannot be computed")]
    [TestCase("{{ 9223372036854775807 + 1 }}", "cannot be computed")]
    [TestCase("{{ 'a' < 1 }}", "'<' between 'a' and 1")]
    [TestCase("{{ messages[0][1:] }}", "cannot be sliced")]
    [TestCase("{% set a, b = [1] %}", "2 names")]
    [TestCase("{{ strftime_now('%Q') }}", "%Q")]
    [TestCase("{{ range(1000000) | length }}", "at most 100,000")]
    [TestCase("{{ namespace(a=1) }}", "a namespace cannot be written")]
    [TestCase("{% macro f(a) %}{% endmacro %}{{ f(1, 2) }}", "takes no argument 2")]
    public void Render_Fails_SaysWhere(string template, string named)
    {
        var error = Assert.Throws<DatasetException>(() => Parse(template).Render([ChatMessage.User("hi")], false))!;
        Assert.That(error.Code, Is.EqualTo(DatasetErrors.TemplateRender));
        Assert.That(error.Message, Does.Contain("line 1, column").And.Contain(named));
    }

    [TestCase("{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}")]
    [TestCase("{% set ns = namespace(s='x') %}{% for i in range(99) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}")]
    [TestCase("{{ 'x' * 9000000000 }}")]
    public void Render_TemplateThatWouldNotEnd_IsStopped(string template) =>
        Assert.That(Assert.Throws<DatasetException>(() => Parse(template).Render([], false))!.Code, Is.EqualTo(DatasetErrors.TemplateRender));

    [Test]
    public void Render_NestedWithoutEnd_IsAnErrorAndNotTheEndOfTheProcess()
    {
        var recursion = Parse("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}");
        Assert.That(Assert.Throws<DatasetException>(() => recursion.Render([], false))!.Code, Is.EqualTo(DatasetErrors.TemplateRender));
        Assert.That(Assert.Throws<DatasetException>(() => Parse("{{ " + new string('(', 1_000_000)))!.Code, Is.EqualTo(DatasetErrors.TemplateSyntax));
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
