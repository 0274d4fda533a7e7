using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Datasets.Tokenization;

namespace Pipeline.Datasets.Tests.Tokenization;

/// <summary>A byte-level BPE tokenizer small enough to be worked out by hand, in the layouts of GPT-2's and Qwen's files.</summary>
public class ByteLevelTests
{
    // Ids 0 to 255 are the bytes; " the" and "he" come from merges, Ġ being the byte-level alphabet's space.
    private static readonly string[] s_merges = ["h e", "Ġ t", "Ġt he"];
    private const int He = 256, SpaceThe = 258, End = 259;

    private const string Gpt2 = """{ "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true }""";

    // Qwen2's: digits one by one, among others.
    private const string Qwen = """
        { "type": "Sequence", "pretokenizers": [
          { "type": "Split", "behavior": "Isolated", "invert": false, "pattern": { "Regex":
            "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+" } },
          { "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": false, "use_regex": false } ] }
        """;

    [TestCase(Gpt2)]
    [TestCase(Qwen)]
    public void Encode_Words_MergesWithinPiecesOnly(string preTokenizer)
    {
        using var folder = new TestFolder();
        var tokenizer = Load(folder, preTokenizer);
        // " the" is one token; in "he the" the first "he" has no space; ñ is two bytes, C3 B1.
        Assert.That(tokenizer.Encode("he the ñ<|end|>"), Is.EqualTo(new[] { He, SpaceThe, ' ', 0xC3, 0xB1, End }));
        // Two spaces before a word: one stays alone, one goes with the word.
        Assert.That(tokenizer.Encode("  the"), Is.EqualTo(new[] { ' ', SpaceThe }));
        // Pieces end at the quotation mark: "t" and "he" of "t'he" never meet.
        Assert.That(tokenizer.Encode("t'he"), Is.EqualTo(new[] { 't', '\'', He }));
    }

    [TestCase("the 😀 then\r\n\t1234 über-the 日本語 \u0000")]
    [TestCase("")]
    public void Decode_OfEncode_IsTheText(string text)
    {
        using var folder = new TestFolder();
        var tokenizer = Load(folder, Qwen);
        Assert.That(tokenizer.Decode(tokenizer.Encode(text)), Is.EqualTo(text));
    }

    [Test]
    public void Encode_NormalizerNfc_RefusesWhatItWouldHaveToCompose()
    {
        using var folder = new TestFolder();
        var tokenizer = Load(folder, Qwen, """{ "type": "NFC" }""");
        Assert.That(tokenizer.Encode("é"), Is.EqualTo(new[] { 0xC3, 0xA9 }), "one code point: as it is");
        var error = Assert.Throws<DatasetException>(() => tokenizer.Encode("e\u0301"))!;
        Assert.That(error.Message, Does.Contain("U+0301").And.Contain("NFC"));
    }

    [TestCase("""{ "type": "ByteLevel", "add_prefix_space": true, "use_regex": true }""", "add_prefix_space")]
    [TestCase("""{ "type": "Sequence", "pretokenizers": [ { "type": "Digits" }, { "type": "ByteLevel", "add_prefix_space": false, "use_regex": false } ] }""", "pretokenizers[0].type")]
    public void Load_PreTokenizerWeDoNotHave_IsNamed(string preTokenizer, string named)
    {
        using var folder = new TestFolder();
        Assert.That(Assert.Throws<DatasetException>(() => Load(folder, preTokenizer))!.Message, Does.Contain(named));
    }

    private static Tokenizer Load(TestFolder folder, string preTokenizer, string normalizer = "null")
    {
        var vocabulary = new JsonObject();
        var (next, _) = (256, 0);
        for (var value = 0; value < 256; value++)
        {
            // GPT-2's byte alphabet: printable Latin-1 stands for itself, the other bytes get letters from U+0100 on.
            var printable = value is >= 33 and <= 126 or >= 161 and <= 172 or >= 174;
            vocabulary[((char)(printable ? value : next++)).ToString()] = value;
        }
        foreach (var (merge, id) in s_merges.Select((merge, index) => (merge, 256 + index))) vocabulary[merge.Replace(" ", "")] = id;
        var merges = JsonSerializer.Serialize(s_merges.Select(merge => merge.Split(' ')));
        File.WriteAllText(folder["tokenizer.json"], $$"""
            { "version": "1.0", "truncation": null, "padding": null,
              "added_tokens": [ { "id": {{End}}, "content": "<|end|>", "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true } ],
              "normalizer": {{normalizer}}, "pre_tokenizer": {{preTokenizer}},
              "post_processor": { "type": "ByteLevel", "trim_offsets": false }, "decoder": { "type": "ByteLevel", "add_prefix_space": false },
              "model": { "type": "BPE", "dropout": null, "unk_token": null, "continuing_subword_prefix": "", "end_of_word_suffix": "",
                         "fuse_unk": false, "byte_fallback": false, "vocab": {{vocabulary.ToJsonString()}}, "merges": {{merges}} } }
            """);
        return Tokenizer.Load(folder.Path);
    }
}
