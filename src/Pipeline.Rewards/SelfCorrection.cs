using System.Text.RegularExpressions;

namespace Pipeline.Rewards;

/// <summary>
/// Finds completions that notice a wrong step and state it anew: "2 plus 3 is 6. Wait, 2 plus 3 is 5". No reward: the
/// "aha moment" of R1-Zero (arXiv:2501.12948, table 3), to be counted and not to be trained on.
/// </summary>
/// <remarks>
/// A word of reflection alone proves nothing: models soon learn to say it. What counts is a statement after it whose numbers
/// are those of the last statement before it, but for the result. That misses corrections in other words, so the share
/// of completions is a lower bound.
/// </remarks>
/// <param name="words">Words of reflection, of any case.</param>
public sealed partial class SelfCorrection(IEnumerable<string> words)
{
    private readonly Reflection _reflection = new(words);

    /// <summary>Whether the text corrects itself at least once.</summary>
    public bool IsIn(string text)
    {
        // A statement with numbers; a word of reflection may stand before its numbers, or in a statement without any.
        string[]? last = null;
        var reflects = false;
        foreach (var statement in Statements().Split(text))
        {
            reflects |= _reflection.Count(statement) > 0;
            string[] numbers = [.. Numbers().Matches(statement).Select(match => match.Value)];
            if (numbers.Length == 0) continue;
            if (reflects && last is not null && Restates(last, numbers)) return true;
            (last, reflects) = (numbers, false);
        }
        return false;
    }

    private static bool Restates(string[] before, string[] after) =>
        before.Length == after.Length && before[^1] != after[^1] && before.AsSpan(..^1).SequenceEqual(after.AsSpan(..^1));

    [GeneratedRegex(@"\n|[.!?;](?=\s|$)|</?\w+>")]
    private static partial Regex Statements();

    [GeneratedRegex(@"\d+(?:[.,/]\d+)*")]
    private static partial Regex Numbers();
}
