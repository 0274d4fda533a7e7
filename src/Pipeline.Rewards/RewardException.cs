namespace Pipeline.Rewards;

/// <summary>A reward cannot be computed as it was set up; the same settings fail again.</summary>
public sealed class RewardException : Exception
{
    /// <summary>A pattern that is not a regular expression, or one that cannot be matched in linear time.</summary>
    public const string Pattern = "REWARD_PATTERN";

    /// <summary>A prompt's language has no word list.</summary>
    public const string Language = "REWARD_LANGUAGE";

    /// <summary>Two terms of a sum have one name, or a gate is misplaced.</summary>
    public const string Terms = "REWARD_TERMS";

    /// <summary>A reward model's score, promised by the sum's terms, was not handed in.</summary>
    public const string ScoreMissing = "REWARD_SCORE_MISSING";

    /// <param name="code">One of the constants of this class.</param>
    /// <param name="message">What, where, what to try.</param>
    /// <param name="innerException">The library's own error, if there was one.</param>
    public RewardException(string code, string message, Exception? innerException = null)
        : base($"{code}: {message}", innerException) => Code = code;

    /// <summary>Stable, for documentation and tests.</summary>
    public string Code { get; }
}
