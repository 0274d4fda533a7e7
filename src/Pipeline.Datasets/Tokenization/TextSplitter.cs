using System.Text.RegularExpressions;
using Microsoft.ML.Tokenizers;

namespace Pipeline.Datasets.Tokenization;

/// <summary>
/// Cuts text into the pieces within which BPE merges. The library's own default drops white space, and its regular
/// expression variant drops what does not match; a tokenizer has to give back every character.
/// </summary>
/// <param name="pattern">Each match is a piece, and so is what lies between two matches; null for no cuts.</param>
internal sealed class TextSplitter(Regex? pattern) : PreTokenizer
{
    public override IEnumerable<(int Offset, int Length)> PreTokenize(string text)
    {
        var at = 0;
        for (var match = pattern?.Match(text); match is { Success: true }; match = match.NextMatch())
        {
            if (match.Index > at) yield return (at, match.Index - at);
            if (match.Length > 0) yield return (match.Index, match.Length);
            at = match.Index + match.Length;
        }
        if (at < text.Length) yield return (at, text.Length - at);
    }

    public override IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text) => PreTokenize(text.ToString());
}
