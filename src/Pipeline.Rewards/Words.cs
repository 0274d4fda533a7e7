using System.Globalization;
using System.Text;

namespace Pipeline.Rewards;

/// <summary>The words of a text.</summary>
internal static class Words
{
    /// <summary>
    /// Longest runs of letters with their combining marks, in lower case. So "3+4=7" has none, and "espera," and "Wait!"
    /// are the words they seem.
    /// </summary>
    public static IEnumerable<string> Of(string text)
    {
        var word = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            var isMark = word.Length > 0 && Rune.GetUnicodeCategory(rune) == UnicodeCategory.NonSpacingMark;
            if (Rune.IsLetter(rune) || isMark)
                word.Append(Rune.ToLowerInvariant(rune).ToString());
            else if (word.Length > 0)
            {
                yield return word.ToString();
                word.Clear();
            }
        }
        if (word.Length > 0) yield return word.ToString();
    }
}
