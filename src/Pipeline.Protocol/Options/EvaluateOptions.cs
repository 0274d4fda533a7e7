using System.ComponentModel.DataAnnotations;

namespace Pipeline.Protocol.Options;

/// <summary>
/// Evaluation on held-out prompts while training, by a generator of its own: the weights are the same with and without it.
/// Writes <c>eval/pass@1</c> and its interval.
/// </summary>
public sealed record EvaluateOptions
{
    /// <summary>Dataset of held-out prompts.</summary>
    [ArtifactReference(Artifacts.ArtifactKind.Dataset)] public required string Prompts { get; init; }

    /// <summary>Optimizer steps between evaluations; there is one before the first step and one after the last. Default 20.</summary>
    [Range(1, int.MaxValue)] public int Every { get; init; } = 20;

    /// <summary>Completions a prompt. Default 4.</summary>
    [Range(1, 1024)] public int Samples { get; init; } = 4;

    /// <summary>Number of prompts taken from the start of the dataset. Default 64.</summary>
    [Range(1, int.MaxValue)] public int Limit { get; init; } = 64;

    /// <summary>How they are sampled.</summary>
    public SamplingOptions Sampling { get; init; } = new();

    /// <summary>Where the answer is looked for. Default the <c>r1-zero</c> tags, then <c>\boxed{}</c>.</summary>
    public AnswerForm Answer { get; init; } = AnswerForm.Any;

    /// <summary>How the programs of prompts of the ability <c>code</c> are run. Default Python in a sandbox, under LiveCodeBench's limits.</summary>
    public CodeGrading Code { get; init; } = new();
}

/// <summary>Where a completion's final answer is looked for.</summary>
public enum AnswerForm
{
    /// <summary>In <c>&lt;answer&gt;…&lt;/answer&gt;</c>, else in the last <c>\boxed{…}</c>, else behind the last "the answer is".</summary>
    Any,

    /// <summary>In <c>&lt;answer&gt;…&lt;/answer&gt;</c> only.</summary>
    Tags,

    /// <summary>In the last <c>\boxed{…}</c> only.</summary>
    Boxed,
}
