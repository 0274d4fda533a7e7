using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.ML.Tokenizers;

namespace Pipeline.Datasets.Tokenization;

/// <summary>
/// Reads Hugging Face's tokenizer.json. Understood: BPE, either byte-level (GPT-2, Qwen) or over characters without any
/// pre-tokenizer. Every field is mapped, provably without effect, or an error that names it.
/// </summary>
internal static class TokenizerJson
{
    // The pattern of Hugging Face's ByteLevel pre-tokenizer, which is GPT-2's.
    private const string Gpt2Pattern = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    public static (BytePairModel Model, AddedTokens Added) Read(JsonElement json)
    {
        var root = new JsonFields(json, "tokenizer.json");
        root.HasNoEffect("version");
        root.MustBeOff("truncation");
        root.MustBeOff("padding");
        root.HasNoEffect("post_processor"); // adds special tokens, which Encode never does: the chat template writes them
        var added = AddedTokens.Read(root.Take("added_tokens"));
        var needsNfc = ReadNormalizer(root);
        var (byteLevel, pattern) = ReadPreTokenizer(root.Take("pre_tokenizer"));
        ReadDecoder(root, byteLevel);
        var options = ReadModel(new JsonFields(root.Take("model"), "model"), byteLevel);
        options.PreTokenizer = new TextSplitter(pattern);
        root.Done();
        return (new BytePairModel(options, needsNfc), added);
    }

    private static BpeOptions ReadModel(JsonFields model, bool byteLevel)
    {
        var type = model.TakeText("type");
        if (type is not (null or "BPE")) throw model.Unsupported("type", JsonSerializer.SerializeToElement(type), "BPE");
        model.MustBeOff("dropout");
        model.MustBeOff("continuing_subword_prefix");
        model.MustBeOff("end_of_word_suffix");
        model.MustBeOff("byte_fallback");
        model.MustBeOff("ignore_merges");
        var vocabulary = model.Take("vocab");
        if (vocabulary.ValueKind != JsonValueKind.Object) throw model.Unsupported("vocab", vocabulary, "an object of token to id");
        var merges = model.Take("merges");
        var tokens = vocabulary.EnumerateObject().Select(token => KeyValuePair.Create(token.Name, token.Value.GetInt32()));
        var options = new BpeOptions(tokens.ToList())
        {
            Merges = merges.ValueKind == JsonValueKind.Array ? merges.EnumerateArray().Select(Merge).ToList() : [],
            ByteLevel = byteLevel,
            UnknownToken = model.TakeText("unk_token"),
            FuseUnknownTokens = model.TakeFlag("fuse_unk"),
        };
        model.Done();
        return options;
    }

    /// <summary>Old files write a merge as "a b", new ones as ["a", "b"].</summary>
    private static string Merge(JsonElement merge) =>
        merge.ValueKind == JsonValueKind.String ? merge.GetString()! : $"{merge[0].GetString()} {merge[1].GetString()}";

    private static bool ReadNormalizer(JsonFields root)
    {
        var normalizer = root.Take("normalizer");
        if (normalizer.ValueKind == JsonValueKind.Undefined) return false;
        var fields = new JsonFields(normalizer, "normalizer");
        if (fields.TakeText("type") != "NFC") throw root.Unsupported("normalizer", normalizer, "null or NFC");
        fields.Done();
        return true;
    }

    private static (bool ByteLevel, Regex? Pattern) ReadPreTokenizer(JsonElement preTokenizer)
    {
        if (preTokenizer.ValueKind == JsonValueKind.Undefined) return (false, null);
        var fields = new JsonFields(preTokenizer, "pre_tokenizer");
        switch (fields.TakeText("type"))
        {
            case "ByteLevel":
                return (true, ReadByteLevel(fields) ? new Regex(Gpt2Pattern, RegexOptions.Compiled) : null);
            case "Sequence" when fields.Take("pretokenizers") is { ValueKind: JsonValueKind.Array } steps
                && steps.GetArrayLength() == 2:
                fields.Done();
                var pattern = ReadSplit(new JsonFields(steps[0], "pre_tokenizer.pretokenizers[0]"), steps[0]);
                var second = new JsonFields(steps[1], "pre_tokenizer.pretokenizers[1]");
                if (second.TakeText("type") == "ByteLevel" && !ReadByteLevel(second)) return (true, pattern);
                break;
        }
        throw fields.Unsupported("type", preTokenizer, "null, ByteLevel, or a Sequence of Split and ByteLevel without pattern");
    }

    private static Regex ReadSplit(JsonFields split, JsonElement found)
    {
        var isSplit = split.TakeText("type") == "Split";
        var pattern = split.Take("pattern");
        split.MustBeOff("invert");
        if (!isSplit || split.TakeText("behavior") != "Isolated" || !pattern.TryGetProperty("Regex", out var regex))
            throw split.Unsupported("type", found, "Split by a Regex, behavior Isolated");
        split.Done();
        return new Regex(regex.GetString()!, RegexOptions.Compiled);
    }

    /// <returns>Whether it cuts by GPT-2's pattern.</returns>
    private static bool ReadByteLevel(JsonFields fields)
    {
        if (fields.TakeFlag("add_prefix_space", whenAbsent: true))
            throw fields.Unsupported("add_prefix_space", JsonSerializer.SerializeToElement(true), "false");
        fields.HasNoEffect("trim_offsets"); // only moves offsets
        var usesPattern = fields.TakeFlag("use_regex", whenAbsent: true);
        fields.Done();
        return usesPattern;
    }

    private static void ReadDecoder(JsonFields root, bool byteLevel)
    {
        var decoder = root.Take("decoder");
        var expected = byteLevel ? "ByteLevel" : "Fuse";
        var isObject = decoder.ValueKind == JsonValueKind.Object;
        var type = isObject && decoder.TryGetProperty("type", out var name) ? name.GetString() : null;
        // Without a decoder Hugging Face joins tokens with spaces, which no byte- or character-level model wants.
        if (type != expected) throw root.Unsupported("decoder", decoder, $"{expected} for this kind of tokenizer");
    }
}
