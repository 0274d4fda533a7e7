using System.Text.RegularExpressions;
using Pipeline.Protocol.Options;

namespace Pipeline.Rewards;

/// <summary>1 if the completion has the expected form, else 0 (DeepSeek-R1, arXiv:2501.12948, section 2.2.2).</summary>
/// <remarks>
/// Departs from the paper, which does not say how it checks: each tag must occur exactly once, and answers (for R1-Zero
/// thoughts, too) must not be blank, or a policy soon learns to write the tags alone. R1 may think nothing, since
/// trivial requests carry no chain of thought.
/// </remarks>
public sealed class Format : IRule
{
    private readonly Func<string, bool> _holds;

    private Format(Func<string, bool> holds) => _holds = holds;

    /// <summary>One of the paper's two forms.</summary>
    public static Format Of(FormatProfile profile) => profile switch
    {
        FormatProfile.R1Zero => new Format(IsR1Zero),
        FormatProfile.R1 => new Format(IsR1),
        _ => throw new ArgumentOutOfRangeException(nameof(profile), profile, null),
    };

    /// <summary>A form of one's own. A dot matches line breaks as well; white space around the text is not looked at.</summary>
    /// <param name="pattern">
    /// Must match the whole text. It is matched in linear time and not under a time limit, which would make a reward
    /// depend on the machine's mood; so no back references and no look-around.
    /// </param>
    /// <exception cref="RewardException">It is not such a pattern.</exception>
    public static Format Of(string pattern)
    {
        try
        {
            const RegexOptions options = RegexOptions.NonBacktracking | RegexOptions.Singleline | RegexOptions.CultureInvariant;
            var whole = new Regex($@"\A(?:{pattern})\z", options);
            return new Format(whole.IsMatch);
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            throw new RewardException(RewardException.Pattern,
                $"The format pattern {pattern} cannot be used: {error.Message} "
                + "Look-around and back references are not supported.", error);
        }
    }

    /// <inheritdoc/>
    public string Name => "format";

    /// <inheritdoc/>
    public RewardScore Score(RewardInput input) => new(Holds(input.Text) ? 1 : 0);

    /// <summary>Whether prefill and completion together have the form.</summary>
    public bool Holds(string text) => _holds(text.Trim());

    private static bool IsR1Zero(string text) =>
        TakeSection(text, Thinking.Open, Thinking.Close, out var thought, out var rest)
        && TakeSection(rest.TrimStart(), AnswerTag.Open, AnswerTag.Close, out var answer, out rest)
        && !string.IsNullOrWhiteSpace(thought) && !string.IsNullOrWhiteSpace(answer) && rest.Length == 0
        && TagsIn(text) == 4;

    private static bool IsR1(string text) =>
        TakeSection(text, Thinking.Open, Thinking.Close, out _, out var summary)
        && !string.IsNullOrWhiteSpace(summary)
        && TagCount.Count(text, Thinking.Open) == 1 && TagCount.Count(text, Thinking.Close) == 1;

    private static bool TakeSection(string text, string open, string close, out string inside, out string rest)
    {
        var end = text.IndexOf(close, StringComparison.Ordinal);
        var isThere = text.StartsWith(open, StringComparison.Ordinal) && end >= open.Length;
        inside = isThere ? text[open.Length..end] : "";
        rest = isThere ? text[(end + close.Length)..] : "";
        return isThere;
    }

    private static int TagsIn(string text) => TagCount.Tags.Sum(tag => TagCount.Count(text, tag));
}
