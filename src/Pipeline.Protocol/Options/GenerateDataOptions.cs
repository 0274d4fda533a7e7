using System.ComponentModel.DataAnnotations;

namespace Pipeline.Protocol.Options;

/// <summary>
/// Makes the data of the miniature: sums with written steps in two languages, and a few everyday requests. All of it
/// follows from the seed.
/// </summary>
/// <remarks>
/// A problem is the unordered set of its terms; held-out problems are chosen by its hash, so that no permutation and no
/// translation of one occurs in training.
/// </remarks>
public sealed record GenerateDataOptions
{
    /// <summary>Fewest terms of a sum. Default 4.</summary>
    [Range(2, 12)] public int MinTerms { get; init; } = 4;

    /// <summary>Most terms of a sum. Default 6.</summary>
    [Range(2, 12)] public int MaxTerms { get; init; } = 6;

    /// <summary>Share of the problems that is held out for evaluation. Default 0.1.</summary>
    [Range(0.01, 0.5)] public double HeldOut { get; init; } = 0.1;

    /// <summary>Rows of the base model's corpus. Default 20,000.</summary>
    [Range(1, 10_000_000)] public int CorpusRows { get; init; } = 20_000;

    /// <summary>What the corpus is made of.</summary>
    public CorpusShares Corpus { get; init; } = new();

    /// <summary>Prompts for RL and rejection sampling. Default 4,000.</summary>
    [Range(1, 10_000_000)] public int PromptRows { get; init; } = 4_000;

    /// <summary>Held-out prompts. Default 256.</summary>
    [Range(1, 1_000_000)] public int EvaluationRows { get; init; } = 256;

    /// <summary>Clean long-form traces that stand for the people who refine the cold start. Default 1,000.</summary>
    [Range(1, 10_000_000)] public int ColdStartRows { get; init; } = 1_000;

    /// <summary>Everyday requests with answers, for SFT. Default 2,000.</summary>
    [Range(1, 10_000_000)] public int GeneralRows { get; init; } = 2_000;

    /// <summary>Helpfulness pairs and, as many, labelled answers for safety. Default 2,000.</summary>
    [Range(1, 10_000_000)] public int PreferenceRows { get; init; } = 2_000;
}

/// <summary>Shares of the traces in the base model's corpus; what is left of 1 is clean.</summary>
public sealed record CorpusShares
{
    /// <summary>Everyday requests instead of sums. Default 0.15.</summary>
    [Range(0.0, 1.0)] public double General { get; init; } = 0.15;

    /// <summary>Traces that change the language between steps. Default 0.25.</summary>
    [Range(0.0, 1.0)] public double Mixed { get; init; } = 0.25;

    /// <summary>Traces that say a step again and again. Default 0.1.</summary>
    [Range(0.0, 1.0)] public double Repetitive { get; init; } = 0.1;

    /// <summary>Traces with a wrong step that is not noticed. Default 0.15.</summary>
    [Range(0.0, 1.0)] public double Wrong { get; init; } = 0.15;

    /// <summary>Traces with a wrong step that is noticed and corrected. Default 0.15.</summary>
    [Range(0.0, 1.0)] public double SelfCorrecting { get; init; } = 0.15;

    /// <summary>Traces without the tags that tell thought from answer. Default 0.3, independent of the others.</summary>
    [Range(0.0, 1.0)] public double WithoutFormat { get; init; } = 0.3;
}
