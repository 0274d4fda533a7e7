namespace Pipeline.Rewards;

/// <summary>
/// A quarter for each of the four tags that occurs exactly once: a slope towards the form for policies that never hit it
/// whole. After Open-R1's <c>tag_count_reward</c>, without its demand for line breaks around the tags.
/// </summary>
public sealed class TagCount : IRule
{
    internal static readonly string[] Tags = [Thinking.Open, Thinking.Close, AnswerTag.Open, AnswerTag.Close];

    /// <inheritdoc/>
    public string Name => "tag_count";

    /// <inheritdoc/>
    public RewardScore Score(RewardInput input) => new(Tags.Count(tag => Count(input.Text, tag) == 1) / (double)Tags.Length);

    internal static int Count(string text, string tag)
    {
        var count = 0;
        for (var at = Next(0); at >= 0; at = Next(at + tag.Length)) count++;
        return count;

        int Next(int from) => text.IndexOf(tag, from, StringComparison.Ordinal);
    }
}
