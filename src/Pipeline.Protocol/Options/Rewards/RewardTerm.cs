namespace Pipeline.Protocol.Options;

/// <summary>One term of the reward: exactly one of these is set.</summary>
[ExactlyOne]
public sealed record RewardTerm
{
    /// <summary>1 if the final answer equals the ground truth, else 0. Rule-based, as in the paper.</summary>
    public AccuracyTerm? Accuracy { get; init; }

    /// <summary>1 if the program in the completion passes the tests in the ground truth, else 0.</summary>
    public CodeTerm? Code { get; init; }

    /// <summary>1 if the completion has the expected form, else 0.</summary>
    public FormatTerm? Format { get; init; }

    /// <summary>Share of the words of the chain of thought that are of the prompt's language (paper, reasoning RL).</summary>
    public LanguageConsistencyTerm? LanguageConsistency { get; init; }

    /// <summary>Minus the share of repeated n-grams.</summary>
    public RepetitionTerm? Repetition { get; init; }

    /// <summary>Minus how far the completion reaches into the last tokens before the limit, so that it learns to end in time.</summary>
    public SoftOverlongTerm? SoftOverlong { get; init; }

    /// <summary>A quarter for each of the four tags of the paper's template that occurs exactly once.</summary>
    public TagCountTerm? TagCount { get; init; }

    /// <summary>Accuracy and length in one: right answers are worth more when short, wrong ones cost less when long.</summary>
    public CosineLengthTerm? CosineLength { get; init; }

    /// <summary>What a language model behind an endpoint thinks of the completion.</summary>
    public JudgeTerm? Judge { get; init; }

    /// <summary>Scores by a service of your own.</summary>
    public HttpTerm? Http { get; init; }

    /// <summary>Scores by a program of your own.</summary>
    public CommandTerm? Command { get; init; }

    /// <summary>The score of a trained reward model, through a sigmoid.</summary>
    public RewardModelTerm? RewardModel { get; init; }

    /// <summary>The term that is set.</summary>
    /// <exception cref="InvalidOperationException">None or several are set.</exception>
    public RewardTermOptions Set() =>
        new RewardTermOptions?[]
        {
            Accuracy, Code, Format, LanguageConsistency, Repetition, SoftOverlong, TagCount, CosineLength, Judge, Http, Command, RewardModel,
        }.OfType<RewardTermOptions>().ToArray() is [var only]
            ? only
            : throw new InvalidOperationException("A reward term names exactly one reward.");
}
