namespace Pipeline.Rewards;

/// <summary>A reward cannot be computed as it was set up; the same settings fail again, but for <see cref="Endpoint"/>.</summary>
public sealed class RewardException : Exception
{
    /// <summary>A pattern that is not a regular expression, or one that cannot be matched in linear time.</summary>
    public const string Pattern = "REWARD_PATTERN";

    /// <summary>A prompt's language is not among those that are told apart, or a code is of no known language.</summary>
    public const string Language = "REWARD_LANGUAGE";

    /// <summary>Two terms of a sum have one name, or a gate is misplaced.</summary>
    public const string Terms = "REWARD_TERMS";

    /// <summary>There is no sandbox to run code in, and code is never run without.</summary>
    public const string Sandbox = "REWARD_SANDBOX";

    /// <summary>Tests of code that cannot be run in its language.</summary>
    public const string Tests = "REWARD_TESTS";

    /// <summary>A service could not be reached, or failed as often as it may; it may work another time.</summary>
    public const string Endpoint = "REWARD_ENDPOINT";

    /// <summary>A service refuses what it is asked, or answers with something else than scores.</summary>
    public const string Refused = "REWARD_REFUSED";

    /// <summary>A program that should score cannot be started, dies, or answers with something else than scores.</summary>
    public const string Command = "REWARD_COMMAND";

    /// <summary>A judge's template lacks something, or asks for something that nobody knows.</summary>
    public const string Template = "REWARD_TEMPLATE";

    /// <summary>A reward model's score, promised by the sum's terms, was not handed in.</summary>
    public const string ScoreMissing = "REWARD_SCORE_MISSING";

    /// <param name="code">One of the constants of this class.</param>
    /// <param name="message">What, where, what to try.</param>
    /// <param name="innerException">The library's own error, if there was one.</param>
    public RewardException(string code, string message, Exception? innerException = null)
        : base(message, innerException) => Code = code;

    /// <summary>Stable, for documentation and tests.</summary>
    public string Code { get; }
}
