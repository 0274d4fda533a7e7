namespace Pipeline.Rewards.Mathematics.Reading;

/// <summary>Whether LaTeX was torn.</summary>
internal static class Braces
{
    /// <summary>Whether every brace that is not content is closed.</summary>
    public static bool AreBalanced(string text)
    {
        var depth = 0;
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '\\') at++; // \{ is content, and \\{ a line break and a brace
            else if (text[at] == '{') depth++;
            else if (text[at] == '}' && --depth < 0) return false;
        }
        return depth == 0;
    }
}
