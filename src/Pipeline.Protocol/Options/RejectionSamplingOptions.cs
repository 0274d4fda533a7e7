using System.ComponentModel.DataAnnotations;

namespace Pipeline.Protocol.Options;

/// <summary>Samples completions and keeps the right and readable ones as rows for SFT (paper, section 2.3.3).</summary>
public sealed record RejectionSamplingOptions
{
    /// <summary>Completions a prompt. Default 4.</summary>
    [Range(1, 4096)] public int Samples { get; init; } = 4;

    /// <summary>How they are sampled.</summary>
    public SamplingOptions Sampling { get; init; } = new();

    /// <summary>Number of prompts taken, in a seeded order. Default all.</summary>
    [Range(1, int.MaxValue)] public int? Limit { get; init; }

    /// <summary>Distinct completions kept a prompt at most. Default 1.</summary>
    [Range(1, 4096)] public int KeepPerPrompt { get; init; } = 1;

    /// <summary>Where the answer is looked for. Default tags, then <c>\boxed{}</c>.</summary>
    public AnswerForm Answer { get; init; } = AnswerForm.Any;

    /// <summary>Form that a kept completion must have. Default <c>r1-zero</c>; <c>null</c> asks for none.</summary>
    public FormatProfile? Format { get; init; } = FormatProfile.R1Zero;

    /// <summary>Words that tell a language: a completion with words of another than the prompt's is dropped. Default none.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Words { get; init; }

    /// <summary>Largest share of repeated 4-grams of a kept completion. Default 0.2.</summary>
    [Range(0.0, 1.0)] public double MaxRepetition { get; init; } = 0.2;
}
