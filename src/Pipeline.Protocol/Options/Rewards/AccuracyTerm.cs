namespace Pipeline.Protocol.Options;

/// <summary>1 if the final answer equals the ground truth, compared mathematically, else 0.</summary>
public sealed record AccuracyTerm : RewardTermOptions
{
    /// <summary>Where the answer is looked for. Default tags, then <c>\boxed{}</c>.</summary>
    public AnswerForm Answer { get; init; } = AnswerForm.Any;
}
