using System.Text.Json.Nodes;
using Pipeline.Datasets.Tokenization;

namespace Pipeline.Datasets.Tests.Tokenization;

public class TokenizerTests
{
    private TestFolder _folder = null!;
    private Tokenizer _tokenizer = null!;

    // Ids: 0 <|pad|>, 1 <|end|>, 2 <|user|>, 3 <think>, 4 </think>, then a = 5, b = 6, space = 7, newline = 8, ñ = 9, 😀 = 10, '<' = 11, …
    private const string Alphabet = "ab \nñ😀<think|user>/";

    [SetUp]
    public void SetUp()
    {
        _folder = new TestFolder();
        CharacterTokenizer.Create(_folder.Path, Alphabet,
            new CharacterTokens(["<|pad|>", "<|end|>", "<|user|>"], ["<think>", "</think>"], Eos: "<|end|>", Pad: "<|pad|>"),
            "{{ messages[0].content }}");
        _tokenizer = Tokenizer.Load(_folder.Path);
    }

    [TearDown] public void TearDown() => _folder.Dispose();

    [Test]
    public void Encode_Text_IsOneTokenACharacterAndOneAnAddedToken() =>
        Assert.That(_tokenizer.Encode("<think>a ñ\n😀</think><|end|>"), Is.EqualTo(new[] { 3, 5, 7, 9, 8, 10, 4, 1 }));

    [Test]
    public void EncodePlain_AddedTokenWrittenOut_IsOnlyItsCharacters()
    {
        var ids = _tokenizer.EncodePlain("<|user|>");
        Assert.That(ids, Has.Length.EqualTo(8));
        Assert.That(ids, Does.Not.Contain(2));
        Assert.That(_tokenizer.Decode(ids), Is.EqualTo("<|user|>"));
    }

    [TestCase("")]
    [TestCase("   a\n\n  b ")]
    [TestCase("<think<think>>")]
    [TestCase("<|end|><|pad|>a😀")]
    public void Decode_OfEncode_IsTheText(string text) => Assert.That(_tokenizer.Decode(_tokenizer.Encode(text)), Is.EqualTo(text));

    [Test]
    public void Decode_SkippingSpecial_KeepsTheModelsOwnTags() =>
        Assert.That(_tokenizer.Decode(_tokenizer.Encode("<|user|><think>a</think>b<|end|><|pad|>"), skipSpecial: true), Is.EqualTo("<think>a</think>b"));

    [Test]
    public void Encode_CharacterWithoutToken_NamesItAndItsPlace()
    {
        var error = Assert.Throws<DatasetException>(() => _tokenizer.Encode("ab é"))!;
        Assert.That(error.Code, Is.EqualTo(DatasetErrors.TokenizerCharacter));
        Assert.That(error.Message, Does.Contain("'é'").And.Contain("U+00E9").And.Contain("position 3"));
    }

    [Test]
    public void Decode_IdOfAnotherTokenizer_NamesIt()
    {
        var error = Assert.Throws<DatasetException>(() => _tokenizer.Decode([5, 999]))!;
        Assert.That(error.Code, Is.EqualTo(DatasetErrors.TokenizerToken));
        Assert.That(error.Message, Does.Contain("999").And.Contain($"end at {_tokenizer.VocabularySize - 1}"));
    }

    [Test]
    public void ControlIds_OfTheFolder_AreTheUnionOfBothFiles()
    {
        Assert.That((_tokenizer.EosId, _tokenizer.PadId, _tokenizer.BosToken), Is.EqualTo((1, (int?)0, (string?)null)));
        File.WriteAllText(_folder["generation_config.json"], """{ "eos_token_id": [2, 4], "pad_token_id": 3 }""");
        var tokenizer = Tokenizer.Load(_folder.Path);
        Assert.That(tokenizer.EosIds, Is.EquivalentTo(new[] { 1, 2, 4 }));
        Assert.That(tokenizer.PadId, Is.Zero, "the tokenizer's own word goes first");
    }

    [Test]
    public void FindControlToken_InAMessage_SeesMarkupButNotTags()
    {
        Assert.That(_tokenizer.FindControlToken("<think>a<|user|>"), Is.EqualTo("<|user|>"));
        Assert.That(_tokenizer.FindControlToken("<think>a</think>"), Is.Null);
    }

    [Test]
    public void Digest_TemplateChanged_Changes()
    {
        var before = _tokenizer.Digest;
        Assert.That(Tokenizer.Load(_folder.Path).Digest, Is.EqualTo(before));
        File.WriteAllText(_folder["chat_template.jinja"], "{{ messages[0].content }}!");
        Assert.That(Tokenizer.Load(_folder.Path).Digest, Is.Not.EqualTo(before));
    }

    [Test]
    public void Copy_ToAModel_HasTheSameDigest()
    {
        Tokenizer.Copy(_folder.Path, _folder["model"]);
        Assert.That(Tokenizer.Load(_folder["model"]).Digest, Is.EqualTo(_tokenizer.Digest));
    }

    [TestCase("truncation", """{ "max_length": 8 }""", "tokenizer.json.truncation")]
    [TestCase("normalizer", """{ "type": "Lowercase" }""", "tokenizer.json.normalizer")]
    [TestCase("pre_tokenizer", """{ "type": "Whitespace" }""", "pre_tokenizer.type")]
    [TestCase("decoder", "null", "tokenizer.json.decoder")]
    [TestCase("model.type", "\"WordPiece\"", "model.type")]
    [TestCase("model.byte_fallback", "true", "model.byte_fallback")]
    [TestCase("model.end_of_word_suffix", "\"</w>\"", "model.end_of_word_suffix")]
    [TestCase("model.brand_new", "1", "model.brand_new")]
    [TestCase("brand_new", "false", "tokenizer.json.brand_new")]
    [TestCase("added_tokens.0.lstrip", "true", "added_tokens[0].lstrip")]
    public void Load_FieldThatIsNotMapped_IsAnErrorThatNamesIt(string field, string value, string named)
    {
        var json = JsonNode.Parse(File.ReadAllText(_folder["tokenizer.json"]))!;
        var path = field.Split('.');
        var at = path[..^1].Aggregate(json, (node, name) => (int.TryParse(name, out var index) ? node[index] : node[name])!);
        at[path[^1]] = JsonNode.Parse(value);
        File.WriteAllText(_folder["tokenizer.json"], json.ToJsonString());
        var error = Assert.Throws<DatasetException>(() => Tokenizer.Load(_folder.Path))!;
        Assert.That(error.Code, Is.EqualTo(DatasetErrors.TokenizerUnsupported));
        Assert.That(error.Message, Does.Contain(named + " "));
    }

    [Test]
    public void Load_FileMissingOrTorn_NamesIt()
    {
        File.WriteAllText(_folder["tokenizer_config.json"], "{ \"eos_token\": ");
        Assert.That(Assert.Throws<DatasetException>(() => Tokenizer.Load(_folder.Path))!.Message, Does.Contain("tokenizer_config.json"));
        Assert.That(Assert.Throws<DatasetException>(() => Tokenizer.Load(_folder["nowhere"]))!.Code, Is.EqualTo(DatasetErrors.TokenizerFile));
    }

    [TestCase("\"a\": 5", "\"a\": \"five\"", Description = "an id that is no number")]
    [TestCase("\"merges\": []", "\"merges\": [[\"a\", \"z\"]]", Description = "a merge of a token that is not there")]
    [TestCase("\"id\": 1,", "\"id\": 0,", Description = "an id twice")]
    public void Load_FileContradictsItself_IsAnError(string text, string replacement)
    {
        var json = File.ReadAllText(_folder["tokenizer.json"]);
        Assert.That(json, Does.Contain(text));
        File.WriteAllText(_folder["tokenizer.json"], json.Replace(text, replacement));
        Assert.That(Assert.Throws<DatasetException>(() => Tokenizer.Load(_folder.Path))!.Code, Is.EqualTo(DatasetErrors.TokenizerFile));
    }

    [Test]
    public void Create_TemplateBeyondTheSubset_IsRefusedBeforeAnythingIsWritten()
    {
        Assert.Throws<DatasetException>(() => CharacterTokenizer.Create(_folder["bad"], "a", new CharacterTokens(["<|end|>"], [], "<|end|>", "<|end|>"), "{% macro x %}"));
        Assert.Throws<DatasetException>(() => CharacterTokenizer.Create(_folder["bad"], "a", new CharacterTokens(["<|end|>"], [], "<|end|>", "<|pad|>"), ""));
        Assert.That(Directory.Exists(_folder["bad"]), Is.False);
    }

    [Test]
    public void EncodeAndDecode_HalfAMillionCharacters_ComeBackUnchanged()
    {
        var document = string.Concat(Enumerable.Repeat("<think>a b\nñ a</think>bb\n", 20_000)); // 25 characters each
        Assert.That(_tokenizer.Decode(_tokenizer.Encode(document)), Is.EqualTo(document));
    }
}
