using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Pipeline.Datasets.Chat;
using Pipeline.Datasets.Tests.Reference;

namespace Pipeline.Datasets.Tests.Chat;

/// <summary>The expected texts were rendered by Jinja itself, see Reference/jinja/make.py.</summary>
public class JinjaReferenceTests
{
    private static readonly DateTimeOffset s_now = new(2025, 1, 22, 15, 4, 5, TimeSpan.Zero);

    private static readonly Dictionary<string, List<ChatMessage>> s_conversations =
        Json("conversations.json").EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.EnumerateArray()
            .Select(turn => new ChatMessage(turn.GetProperty("role").GetString()!, turn.GetProperty("content").GetString()!)).ToList());

    public static IEnumerable<TestCaseData> Templates() => Json("rendered.json").EnumerateArray()
        .Select(entry => new TestCaseData(entry).SetArgDisplayNames(entry.GetProperty("template").GetString()!));

    public static IEnumerable<TestCaseData> Snippets() => Json("snippets.json").EnumerateObject()
        .Select(entry => new TestCaseData(entry.Name, entry.Value.GetString()).SetArgDisplayNames(entry.Name));

    [TestCaseSource(nameof(Templates))]
    public void Render_OwnTemplateOnEveryConversation_WritesWhatJinjaWrites(JsonElement entry)
    {
        var template = Parse(File.ReadAllText(PathOf($"templates/{entry.GetProperty("template").GetString()}.jinja")));
        foreach (var expected in entry.GetProperty("rendered").EnumerateArray())
        {
            var name = expected.GetProperty("conversation").GetString()!;
            Assert.That(Rendered(template, name, expected.GetProperty("prompt").GetBoolean()), Is.EqualTo(expected.GetProperty("text").GetString()), name);
        }
    }

    [TestCaseSource(nameof(Snippets))]
    public void Render_OneConstruct_WritesWhatJinjaWrites(string snippet, string? expected) =>
        Assert.That(Rendered(Parse(snippet), "two turns", prompt: false), Is.EqualTo(expected));

    [TestCase("llama3_1")]
    [TestCase("qwen3")]
    [TestCase("deepseek_v3")]
    public void Render_TemplateOfAFamily_WritesWhatJinjaWrites(string family)
    {
        var entry = Json("families.json").EnumerateArray().Single(entry => entry.GetProperty("family").GetString() == family);
        var template = NpmTokenizers.Config(family).GetProperty("chat_template").GetString()!;
        Assert.That(Hash(template), Is.EqualTo(entry.GetProperty("template").GetString()), "the package is another version: run make.py again");
        foreach (var group in entry.GetProperty("rendered").EnumerateArray().GroupBy(expected => expected.GetProperty("prefix").GetString()))
        {
            var parsed = Parse(group.Key + template);
            foreach (var expected in group)
            {
                var (name, prompt) = (expected.GetProperty("conversation").GetString()!, expected.GetProperty("prompt").GetBoolean());
                Assert.That(Hash(Rendered(parsed, name, prompt)), Is.EqualTo(expected.GetProperty("sha256").GetString()), $"{name}, {group.Key}");
            }
        }
    }

    private static ChatTemplate Parse(string source) => ChatTemplate.Parse(source, "<s>", "</s>", new FixedClock());

    /// <summary>Null where the template refuses, as Jinja's raise_exception.</summary>
    private static string? Rendered(ChatTemplate template, string conversation, bool prompt)
    {
        try { return template.Render(s_conversations[conversation], prompt); }
        catch (DatasetException error) when (error.Code == DatasetErrors.TemplateRender) { return null; }
    }

    private static string? Hash(string? text) => text is null ? null : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static JsonElement Json(string name) => JsonDocument.Parse(File.ReadAllText(PathOf(name))).RootElement;

    private static string PathOf(string name) => Path.Combine(TestContext.CurrentContext.TestDirectory, "Reference", "jinja", name);

    private sealed class FixedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => s_now;

        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;
    }
}
