using System.ComponentModel.DataAnnotations;

namespace Pipeline.Protocol.Options;

/// <summary>Evaluates one model on held-out prompts: one row of the report.</summary>
/// <remarks>In the paper: temperature 0.6, top-p 0.95, pass@1 as the mean over k samples, never greedy.</remarks>
public sealed record EvaluationOptions
{
    /// <summary>The model's name in the report. Default the stage's id.</summary>
    public string? Name { get; init; }

    /// <summary>Completions a prompt, the k of pass@k and cons@k. Default 16, as the paper for MATH-500.</summary>
    [Range(1, 4096)] public int Samples { get; init; } = 16;

    /// <summary>Number of prompts taken from the start of the dataset. Default all.</summary>
    [Range(1, int.MaxValue)] public int? Limit { get; init; }

    /// <summary>How they are sampled. Default temperature 0.6, top-p 0.95.</summary>
    public SamplingOptions Sampling { get; init; } = new() { Temperature = 0.6, TopP = 0.95 };

    /// <summary>Where the answer is looked for. Default tags, then <c>\boxed{}</c>.</summary>
    public AnswerForm Answer { get; init; } = AnswerForm.Any;

    /// <summary>The form whose rate is reported. Default <c>r1-zero</c>.</summary>
    public FormatProfile Format { get; init; } = FormatProfile.R1Zero;

    /// <summary>Words that tell a language, for the language-mixing rate. Default none: not reported.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Words { get; init; }

    /// <summary>Words that tell reflection, counted in completions. Default those of the paper's figure: wait, verify, check, …</summary>
    public IReadOnlyList<string> ReflectionWords { get; init; } =
        ["wait", "mistake", "however", "but", "retry", "error", "verify", "wrong", "evaluate", "check"];
}
