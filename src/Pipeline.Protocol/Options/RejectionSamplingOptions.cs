using System.ComponentModel.DataAnnotations;

namespace Pipeline.Protocol.Options;

/// <summary>Samples completions and keeps the right and readable ones as rows for SFT (paper, section 2.3.3).</summary>
public sealed record RejectionSamplingOptions
{
    /// <summary>Samples from a server instead of the input <c>model</c>. Default none; exactly one of the two is given.</summary>
    public EndpointOptions? Endpoint { get; init; }

    /// <summary>Completions a prompt. Default 4.</summary>
    [Range(1, 4096)] public int Samples { get; init; } = 4;

    /// <summary>How they are sampled.</summary>
    public SamplingOptions Sampling { get; init; } = new();

    /// <summary>Number of prompts taken, in a seeded order. Default all.</summary>
    [Range(1, int.MaxValue)] public int? Limit { get; init; }

    /// <summary>Distinct completions kept a prompt at most. Default 1.</summary>
    [Range(1, 4096)] public int KeepPerPrompt { get; init; } = 1;

    /// <summary>Which of a prompt's completions are kept where more than <see cref="KeepPerPrompt"/> pass the filters. Default the first.</summary>
    public CompletionChoice Choose { get; init; } = CompletionChoice.First;

    /// <summary>Which part the input <c>reward_model</c> scores, where the best are chosen. Default the whole response.</summary>
    public ScoredPart Scores { get; init; } = ScoredPart.Response;

    /// <summary>Where the answer is looked for. Default tags, then <c>\boxed{}</c>.</summary>
    public AnswerForm Answer { get; init; } = AnswerForm.Any;

    /// <summary>How the programs of prompts of the ability <c>code</c> are run. Default Python in a sandbox, under LiveCodeBench's limits.</summary>
    public CodeGrading Code { get; init; } = new();

    /// <summary>Form that a kept completion must have. Default <c>r1-zero</c>; <c>null</c> asks for none.</summary>
    public FormatProfile? Format { get; init; } = FormatProfile.R1Zero;

    /// <summary>Words that tell a language: a completion with words of another than the prompt's is dropped. Default none.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Words { get; init; }

    /// <summary>Codes (ISO 639-1) of languages that are told apart in running text by script and letter statistics (Lingua). Default none.</summary>
    public IReadOnlyList<string>? Languages { get; init; }

    /// <summary>Largest share of repeated 4-grams of a kept completion. Default 0.2.</summary>
    [Range(0.0, 1.0)] public double MaxRepetition { get; init; } = 0.2;

    /// <summary>
    /// Longest paragraph of a kept chain of thought, in words; <c>null</c> for any. The paper drops long paragraphs and names no
    /// number. Default 250, half a printed page.
    /// </summary>
    [Range(1, int.MaxValue)] public int? MaxParagraph { get; init; } = 250;

    /// <summary>Whether a kept chain of thought may hold a fenced code block. Default false, as in the paper.</summary>
    public bool AllowCode { get; init; }

    /// <summary>Fewest tokens of a kept completion. Default 1.</summary>
    [Range(1, int.MaxValue)] public int MinLength { get; init; } = 1;

    /// <summary>Most tokens of a kept completion. Default none beyond <c>sampling.max_tokens</c>.</summary>
    [Range(1, int.MaxValue)] public int? MaxLength { get; init; }

    /// <summary>
    /// Largest share of 5-grams that a kept completion may have in common with another of its prompt (Jaccard index). Default 1:
    /// only equal texts are duplicates. Lee et al. (arXiv:2107.06499) take 0.8.
    /// </summary>
    [Range(0.0, 1.0)] public double MaxSimilarity { get; init; } = 1;

    /// <summary>
    /// Words in a row that a row must not share with a prompt of the input <c>evaluation</c>. Default 10 (DeepSeekMath,
    /// arXiv:2402.03300; the paper, section on decontamination).
    /// </summary>
    [Range(3, 100)] public int DecontaminationNgram { get; init; } = 10;

    /// <summary>
    /// Share of the dataset that comes from the input <c>general</c>, where that is given. Default 0.25: the paper mixes 600,000
    /// rows of reasoning with 200,000 others.
    /// </summary>
    [Range(0.0, 0.99)] public double GeneralShare { get; init; } = 0.25;

    /// <summary>
    /// General rows whose request has at most this many words are learnt without chain of thought, as the paper does for
    /// "hello". Default 0: none.
    /// </summary>
    [Range(0, 1000)] public int TrivialWords { get; init; }
}

/// <summary>Which of a prompt's completions are kept.</summary>
public enum CompletionChoice
{
    /// <summary>Those that were sampled first: a fair sample of what passes the filters.</summary>
    First,

    /// <summary>Those with the fewest tokens (Kimi k1.5, arXiv:2501.12599, shortest rejection sampling).</summary>
    Shortest,

    /// <summary>Those that the input <c>reward_model</c> scores highest (Llama 2, arXiv:2307.09288, rejection sampling).</summary>
    Best,
}
