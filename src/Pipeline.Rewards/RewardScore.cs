namespace Pipeline.Rewards;

/// <summary>What a reward thinks of a completion.</summary>
/// <param name="Value">The score; NaN where there is none and the completion is not to blame: it is then left out of training.</param>
/// <param name="Outcome">How it came about.</param>
/// <param name="Answer">The final answer found in the completion, if one was looked for.</param>
public readonly record struct RewardScore(double Value, RewardOutcome Outcome = RewardOutcome.Scored, string? Answer = null)
{
    /// <summary>The reward has no opinion on this prompt: it adds nothing, and does not enter the reward's mean.</summary>
    public static RewardScore NotApplicable => new(0, RewardOutcome.NotApplicable);

    /// <summary>Answers of a judge that could not be taken for a verdict, before this score.</summary>
    public int BadAnswers { get; init; }

    /// <summary>Whether the completion was found right, or not right for whatever reason.</summary>
    public bool IsVerdict => !double.IsNaN(Value)
        && Outcome is RewardOutcome.Correct or RewardOutcome.Wrong or RewardOutcome.NoAnswer or RewardOutcome.AnswerUnparsable or RewardOutcome.Timeout;

    /// <summary>A judge took too long, which is no fault of the completion: no score.</summary>
    public static RewardScore TimedOut => new(double.NaN, RewardOutcome.Timeout);
}

/// <summary>How a score came about, so that a report can count what a mean would hide.</summary>
public enum RewardOutcome
{
    /// <summary>A number without right or wrong; use it.</summary>
    Scored,

    /// <summary>The answer is right: 1.</summary>
    Correct,

    /// <summary>There is an answer and it is wrong: 0.</summary>
    Wrong,

    /// <summary>There is no answer where one is looked for: 0, and counted as graded.</summary>
    NoAnswer,

    /// <summary>There is an answer that nobody can read, such as torn LaTeX: 0, and counted as graded.</summary>
    AnswerUnparsable,

    /// <summary>
    /// It took longer than it may: 0 if that is the answer's doing (its program runs on, comparing it costs too much), no score if
    /// it is the judge's.
    /// </summary>
    Timeout,

    /// <summary>A judge gave no verdict, however often it was asked: no score.</summary>
    NoVerdict,

    /// <summary>The data is at fault: no score. Leave the completion out of training and of every mean, and count it.</summary>
    GoldUnparsable,

    /// <summary>The reward does not concern this prompt: 0 in a sum, left out of the reward's mean.</summary>
    NotApplicable,
}
