namespace Pipeline.Rewards;

/// <summary>The tags of the paper's template around the final answer.</summary>
internal static class AnswerTag
{
    public const string Open = "<answer>";
    public const string Close = "</answer>";
}
