using System.Text.RegularExpressions;
using Pipeline.Protocol.Options;

namespace Pipeline.Rewards.Answers;

/// <summary>Finds the final answer in a completion.</summary>
public static partial class FinalAnswer
{
    private const string Boxed = @"\boxed{";

    /// <summary>
    /// The last answer, since a model may change its mind, and only after the chain of thought if that was closed. A
    /// <c>\boxed{}</c> within answer tags is opened as well. Thought that was cut off may hold boxes of
    /// intermediate results, so boxes count only outside of it. Where any form will do and there is no other, "the answer is" leads to it.
    /// </summary>
    /// <returns>The answer, trimmed; null if there is none or it is blank.</returns>
    public static string? Find(string text, AnswerForm form)
    {
        var close = text.LastIndexOf(Thinking.Close, StringComparison.Ordinal);
        var answer = form == AnswerForm.Boxed ? null : InTags(close < 0 ? text : text[close..]);
        if (answer is not null) answer = InBox(answer) ?? answer;
        else if (form != AnswerForm.Tags) answer = InBox(Thinking.After(text));
        if (answer is null && form == AnswerForm.Any) answer = InWords(Thinking.After(text));
        return string.IsNullOrWhiteSpace(answer) ? null : answer.Trim();
    }

    private static string? InTags(string text)
    {
        var end = text.LastIndexOf(AnswerTag.Close, StringComparison.Ordinal);
        var start = end < 0 ? -1 : text.LastIndexOf(AnswerTag.Open, end, StringComparison.Ordinal);
        return start < 0 ? null : text[(start + AnswerTag.Open.Length)..end];
    }

    /// <summary>The content of the complete box that begins last; braces may be nested in it. One pass, whatever the policy wrote.</summary>
    private static string? InBox(string text)
    {
        const int plainBrace = -1;
        var open = new Stack<int>(); // of each open brace: where its content begins if it is a box
        (int Start, int End)? last = null;
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '{') open.Push(text.AsSpan(0, at + 1).EndsWith(Boxed, StringComparison.Ordinal) ? at + 1 : plainBrace);
            else if (text[at] == '}' && open.TryPop(out var start) && start > (last?.Start ?? plainBrace)) last = (start, at);
        }
        return last is var (from, to) ? text[from..to] : null;
    }

    /// <summary>What follows the last "the answer is", to the end of the sentence or line.</summary>
    private static string? InWords(string text)
    {
        if (Lead().Match(text) is not { Success: true } lead) return null;
        var rest = text.AsSpan(lead.Index + lead.Length);
        if (rest.IndexOf('\n') is >= 0 and var lineEnd) rest = rest[..lineEnd];
        if (rest.IndexOf(". ") is >= 0 and var sentenceEnd) rest = rest[..sentenceEnd];
        return rest.Trim(" \t\r*.").ToString();
    }

    [GeneratedRegex(@"\bthe (?:final |correct )?answer is:?\**:?", RegexOptions.IgnoreCase | RegexOptions.RightToLeft)] private static partial Regex Lead();
}
