using Pipeline.Datasets.Tokenization;

namespace Pipeline.Stages.Completions;

/// <summary>Texts that end a completion.</summary>
public static class StopTexts
{
    /// <summary>Whether a completion's tokens, the last of them new, have just completed one of the texts.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="tokenizer">From tokens to text.</param>
    /// <returns>Null without texts: then nothing is decoded.</returns>
    public static Func<IReadOnlyList<int>, bool>? Of(IReadOnlyList<string> texts, Tokenizer tokenizer)
    {
        if (texts.Count == 0) return null;
        // A token is a byte at least, so the text lies within so many tokens, wherever in the last of them it ends.
        var reach = texts.Max(System.Text.Encoding.UTF8.GetByteCount) + 1;
        return tokens =>
        {
            var end = tokenizer.Decode([.. tokens.Skip(Math.Max(0, tokens.Count - reach))]);
            return texts.Any(text => end.Contains(text, StringComparison.Ordinal));
        };
    }
}
