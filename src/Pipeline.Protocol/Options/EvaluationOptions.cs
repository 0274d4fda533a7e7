using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Pipeline.Protocol.Options;

/// <summary>Evaluates one model on held-out prompts: one row of the report.</summary>
/// <remarks>In the paper: temperature 0.6, top-p 0.95, pass@1 as the mean over k samples, never greedy.</remarks>
public sealed record EvaluationOptions
{
    /// <summary>The model's name in the report. Default the stage's id.</summary>
    public string? Name { get; init; }

    /// <summary>The benchmark that the input <c>prompts</c> is a file of. Default none: rows in verl's schema, or with <see cref="Columns"/>.</summary>
    public BenchmarkPreset? Preset { get; init; }

    /// <summary>Where problem and answer stand in files of neither verl's schema nor a preset. Default none.</summary>
    public ProblemColumns? Columns { get; init; }

    /// <summary>What is said after each problem. Default the preset's; nothing for rows in verl's schema, which are whole prompts.</summary>
    public string? Instruction { get; init; }

    /// <summary>How conversations are written, in place of the model's own template; for a base model, that of the stages after it. Default the model's own.</summary>
    public ChatTemplateName? ChatTemplate { get; init; }

    /// <summary>Completions a prompt, the k of pass@k and cons@k. Default 16, as the paper for MATH-500.</summary>
    [Range(1, 4096)] public int Samples { get; init; } = 16;

    /// <summary>Number of prompts taken from the start of the dataset. Default all.</summary>
    [Range(1, int.MaxValue)] public int? Limit { get; init; }

    /// <summary>How they are sampled. Default temperature 0.6, top-p 0.95; temperature 0 is warned about.</summary>
    public SamplingOptions Sampling { get; init; } = new() { Temperature = 0.6, TopP = 0.95 };

    /// <summary>Where the answer is looked for. Default tags, then <c>\boxed{}</c>.</summary>
    public AnswerForm Answer { get; init; } = AnswerForm.Any;

    /// <summary>How the programs of prompts of the ability <c>code</c> are run. Default Python in a sandbox, under LiveCodeBench's limits.</summary>
    public CodeGrading Code { get; init; } = new();

    /// <summary>The form whose rate is reported. Default <c>r1-zero</c>.</summary>
    public FormatProfile Format { get; init; } = FormatProfile.R1Zero;

    /// <summary>Words that tell a language, for the language-mixing rate. Default none: not reported.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Words { get; init; }

    /// <summary>Codes (ISO 639-1) of languages that are told apart in running text by script and letter statistics (Lingua). Default none.</summary>
    public IReadOnlyList<string>? Languages { get; init; }

    /// <summary>Words that tell reflection, counted in completions. Default those of the paper's figure: wait, verify, check, …</summary>
    public IReadOnlyList<string> ReflectionWords { get; init; } = WordsOfReflection;

    /// <summary>Those of arXiv:2501.12948v2, appendix C.2.</summary>
    internal static IReadOnlyList<string> WordsOfReflection { get; } =
        ["wait", "mistake", "however", "but", "retry", "error", "verify", "wrong", "evaluate", "check"];
}

/// <summary>A benchmark as it is published. The file is the user's; the preset knows its columns.</summary>
public enum BenchmarkPreset
{
    /// <summary>Grade-school problems, the answer after <c>####</c> (arXiv:2110.14168).</summary>
    [JsonStringEnumMemberName("gsm8k")] Gsm8k,

    /// <summary>500 problems of MATH with subject and level (arXiv:2305.20050).</summary>
    [JsonStringEnumMemberName("math-500")] Math500,

    /// <summary>American Invitational Mathematics Examination: integers from 0 to 999.</summary>
    [JsonStringEnumMemberName("aime")] Aime,

    /// <summary>Graduate-level questions with four choices, shuffled by problem (arXiv:2311.12022).</summary>
    [JsonStringEnumMemberName("gpqa")] Gpqa,

    /// <summary>Programming problems with tests on standard input or on a function (arXiv:2403.07974).</summary>
    [JsonStringEnumMemberName("livecodebench")] LiveCodeBench,
}

/// <summary>Names of the columns of a file of problems.</summary>
public sealed record ProblemColumns
{
    /// <summary>The problem's text. Default <c>problem</c>.</summary>
    public string Problem { get; init; } = "problem";

    /// <summary>The right answer. Default <c>answer</c>.</summary>
    public string Answer { get; init; } = "answer";

    /// <summary>Difficulty, for a table by level. Default <c>level</c>; may be absent.</summary>
    public string Level { get; init; } = "level";

    /// <summary>Subject, for a table by subject. Default <c>subject</c>; may be absent.</summary>
    public string Subject { get; init; } = "subject";

    /// <summary>Name of the problem, by which two models are compared. Default <c>id</c>; if absent, a hash of the problem.</summary>
    public string Id { get; init; } = "id";
}
