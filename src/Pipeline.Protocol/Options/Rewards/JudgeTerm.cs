using System.ComponentModel.DataAnnotations;

namespace Pipeline.Protocol.Options;

/// <summary>
/// A language model behind an endpoint judges, 0 to 1 (Zheng et al., "Judging LLM-as-a-judge", arXiv:2306.05685). In the paper:
/// DeepSeek-V3, which is given ground truth and answer (section 2.3.3), and the pairs of the helpfulness model (2.3.4).
/// </summary>
public sealed record JudgeTerm : RewardTermOptions
{
    /// <summary>The server and its model.</summary>
    public required EndpointOptions Endpoint { get; init; }

    /// <summary>What it is asked. Default for a mark from 1 to 10.</summary>
    public JudgeMode Mode { get; init; } = JudgeMode.Pointwise;

    /// <summary>Which part of the completion it reads. Default the summary: a judge takes a long chain of thought for a good one.</summary>
    public ScoredPart Scores { get; init; } = ScoredPart.Summary;

    /// <summary>
    /// What it is told, in place of the text for the mode. Parts in double braces are filled in: prompt, reference and answer, or pairwise
    /// prompt, first and second. Default the text beside the reward's code (<c>Judges/*.md</c>).
    /// </summary>
    public string? Template { get; init; }

    /// <summary>
    /// Whether the server is to hold the answer to the JSON Schema (<c>response_format</c>), as vLLM, SGLang, llama.cpp and OpenAI do. It
    /// is checked here all the same. Default true; false for servers that refuse the setting.
    /// </summary>
    public bool ConstrainAnswer { get; init; } = true;

    /// <summary>Times a question is put again when the answer is not of the schema. Default 2; then the completion has no score.</summary>
    [Range(0, 100)] public int BadAnswerRetries { get; init; } = 2;

    /// <summary>How the verdict is sampled. Default the likeliest tokens, 2048 at most.</summary>
    public SamplingOptions Sampling { get; init; } = new() { Temperature = 0, MaxTokens = 2048 };
}

/// <summary>What a judge is asked.</summary>
public enum JudgeMode
{
    /// <summary>For a mark from 1 to 10, so 0 to 1; with the ground truth beside it, if the prompt has one.</summary>
    Pointwise,

    /// <summary>
    /// Whether the answer is better than the prompt's ground truth, in both orders since judges prefer a place (arXiv:2306.05685, section
    /// 3.3): a win is 1, a draw 1/2. Prompts without a ground truth are none of its business.
    /// </summary>
    Pairwise,
}
