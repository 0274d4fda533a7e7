using System.Globalization;
using System.Text;
using Microsoft.ML.Tokenizers;

namespace Pipeline.Datasets.Tokenization;

/// <summary>
/// Text without added tokens to ids and back, by Microsoft.ML.Tokenizers' BPE. A character-level tokenizer is the case
/// without merges. That library drops characters that have no token; here they are an error.
/// </summary>
internal sealed class BytePairModel
{
    private readonly BpeTokenizer _bpe;
    private readonly HashSet<Rune>? _alphabet;
    private readonly bool _needsNfc;

    /// <param name="options">Vocabulary, merges, splitter.</param>
    /// <param name="needsNfc">Whether the tokenizer composes characters (Unicode NFC) before it encodes.</param>
    public BytePairModel(BpeOptions options, bool needsNfc)
    {
        _bpe = BpeTokenizer.Create(options);
        _needsNfc = needsNfc;
        // Byte-level vocabularies hold all 256 bytes and an unknown token takes the rest: no character can be missing.
        if (!options.ByteLevel && options.UnknownToken is null)
            _alphabet = [.. options.Vocabulary.SelectMany(entry => SingleRune(entry.Key))];
    }

    public IReadOnlyDictionary<string, int> Vocabulary => _bpe.Vocabulary;

    public IReadOnlyList<int> Encode(string text)
    {
        Check(text);
        return _bpe.EncodeToIds(text);
    }

    public string Decode(IEnumerable<int> ids) => _bpe.Decode(ids);

    private void Check(string text)
    {
        if (_alphabet is null && !_needsNfc) return;
        var column = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (_alphabet?.Contains(rune) == false) throw new DatasetException(DatasetErrors.TokenizerCharacter,
                $"The character '{Printable(rune)}' (U+{rune.Value:X4}, position {column} of \"{Excerpt(text)}\") has no "
                + "token, and the tokenizer has no unknown token. Add it to the alphabet, or remove it from the data.");
            if (_needsNfc && MayCompose(rune)) throw new DatasetException(DatasetErrors.TokenizerCharacter,
                $"U+{rune.Value:X4} at position {column} of \"{Excerpt(text)}\" may have to be composed (NFC) before encoding, "
                + "which .NET cannot do without ICU. Normalise the dataset to NFC without combining marks.");
            column += rune.Utf16SequenceLength;
        }
    }

    /// <summary>
    /// Whether NFC could change a text because of this character: combining marks, conjoining Hangul, and characters that
    /// always decompose to another. InvariantGlobalization makes <c>string.Normalize</c> return its input unchanged.
    /// </summary>
    private static bool MayCompose(Rune rune) => rune.Value >= 0x300 && (rune.Value switch
    {
        >= 0x1100 and <= 0x11FF => true,                      // Hangul jamo
        0x2126 or 0x212A or 0x212B => true,                   // ohm, kelvin, angstrom signs
        >= 0xF900 and <= 0xFAFF or >= 0x2F800 and <= 0x2FA1F => true, // compatibility ideographs
        >= 0xFE00 and <= 0xFE0F => false,                     // variation selectors of emoji compose with nothing
        _ => Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark,
    });

    private static IEnumerable<Rune> SingleRune(string token) =>
        token.Length > 0 && Rune.TryGetRuneAt(token, 0, out var rune) && rune.Utf16SequenceLength == token.Length ? [rune] : [];

    private static string Printable(Rune rune) => Rune.IsControl(rune) ? "\\u" + rune.Value.ToString("x4") : rune.ToString();

    private static string Excerpt(string text) => (text.Length > 60 ? text[..60] + "…" : text).ReplaceLineEndings("\\n");
}
