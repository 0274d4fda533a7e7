using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Datasets.Chat;
using Pipeline.Protocol;

namespace Pipeline.Datasets.Tokenization;

/// <summary>
/// Writes a tokenizer of one token a character, in the files Hugging Face's <c>tokenizers</c> and <c>transformers</c> read:
/// BPE with the characters as vocabulary and no merges. For models small enough that learning is seen in minutes.
/// </summary>
public static class CharacterTokenizer
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // ñ as ñ: the file is meant to be looked at
    };

    /// <summary>Writes tokenizer.json, tokenizer_config.json and chat_template.jinja. Ids: control tokens, words, then characters.</summary>
    /// <param name="folder">Made if it is not there.</param>
    /// <param name="alphabet">Every character a text may have, in the order of their ids; repeats are dropped.</param>
    /// <param name="tokens">The tokens of more than one character.</param>
    /// <param name="chatTemplate">Jinja, as far as <see cref="ChatTemplate"/> reads it.</param>
    /// <exception cref="DatasetException">The template cannot be read, or a token is named that is not among the control tokens.</exception>
    public static void Create(string folder, string alphabet, CharacterTokens tokens, string chatTemplate)
    {
        _ = ChatTemplate.Parse(chatTemplate, tokens.Bos, tokens.Eos);
        if (new[] { tokens.Eos, tokens.Pad, tokens.Bos ?? tokens.Eos }.Except(tokens.Control).FirstOrDefault() is { } stranger)
            throw new DatasetException(DatasetErrors.TokenizerToken,
                $"'{stranger}' is not among the control tokens {string.Join(" ", tokens.Control)}.");
        var vocabulary = tokens.Control.Concat(tokens.Words)
            .Concat(alphabet.EnumerateRunes().Select(character => character.ToString())).Distinct().ToArray();
        Directory.CreateDirectory(folder);
        Write(folder, "tokenizer.json", TokenizerFile(vocabulary, tokens));
        Write(folder, "tokenizer_config.json", new JsonObject
        {
            ["tokenizer_class"] = "PreTrainedTokenizerFast",
            ["bos_token"] = tokens.Bos,
            ["eos_token"] = tokens.Eos,
            ["pad_token"] = tokens.Pad,
            ["clean_up_tokenization_spaces"] = false, // else transformers joins " ." to "." when it decodes
        });
        WholeFile.WriteText(Path.Combine(folder, ChatTemplate.FileName), chatTemplate);
    }

    private static JsonObject TokenizerFile(string[] vocabulary, CharacterTokens tokens) => new()
    {
        ["version"] = "1.0",
        ["truncation"] = null,
        ["padding"] = null,
        ["added_tokens"] = new JsonArray([.. vocabulary.Take(tokens.Control.Count + tokens.Words.Count)
            .Select((text, id) => AddedToken(id, text, isControl: id < tokens.Control.Count))]),
        ["normalizer"] = null,
        ["pre_tokenizer"] = null,
        ["post_processor"] = null,
        ["decoder"] = new JsonObject { ["type"] = "Fuse" }, // without a decoder tokens are joined with spaces
        ["model"] = new JsonObject
        {
            ["type"] = "BPE",
            ["dropout"] = null,
            ["unk_token"] = null,
            ["continuing_subword_prefix"] = null,
            ["end_of_word_suffix"] = null,
            ["fuse_unk"] = false,
            ["byte_fallback"] = false,
            ["ignore_merges"] = false,
            ["vocab"] = new JsonObject(vocabulary.Select((text, id) => KeyValuePair.Create(text, (JsonNode?)id))),
            ["merges"] = new JsonArray(),
        },
    };

    private static JsonObject AddedToken(int id, string text, bool isControl) => new JsonObject
    {
        ["id"] = id,
        ["content"] = text,
        ["single_word"] = false,
        ["lstrip"] = false,
        ["rstrip"] = false,
        ["normalized"] = false,
        ["special"] = isControl,
    };

    private static void Write(string folder, string name, JsonObject json) =>
        WholeFile.WriteText(Path.Combine(folder, name), json.ToJsonString(s_json) + "\n");
}

/// <summary>The tokens of a character tokenizer that are longer than a character.</summary>
/// <param name="Control">Markup between turns, end of sequence and padding among it; never part of a message.</param>
/// <param name="Words">Tokens the model writes as part of its text, e.g. <c>&lt;think&gt;</c>.</param>
/// <param name="Eos">Which control token ends a completion.</param>
/// <param name="Pad">Which control token fills up rows; not the same as <paramref name="Eos"/>, or masking it would unteach stopping.</param>
/// <param name="Bos">Which control token begins a text, if one does.</param>
public sealed record CharacterTokens(
    IReadOnlyList<string> Control, IReadOnlyList<string> Words, string Eos, string Pad, string? Bos = null);
