namespace Pipeline.Protocol.Artifacts;

/// <summary><c>evaluation.json</c> in an evaluation's output: one row of the report.</summary>
public sealed record EvaluationReport
{
    /// <summary>Name of the file inside the output folder.</summary>
    public const string FileName = "evaluation.json";

    /// <summary>Name of the file of the completions beside it.</summary>
    public const string CompletionsFile = "completions.parquet";

    /// <summary>The model's name, such as <c>R1-Zero</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Number of prompts of which at least one completion was graded.</summary>
    public required int N { get; init; }

    /// <summary>Completions a prompt.</summary>
    public required int K { get; init; }

    /// <summary>Mean correctness over all graded completions.</summary>
    public required Estimate PassAt1 { get; init; }

    /// <summary>Share of prompts with at least one right completion of k.</summary>
    public required double PassAtK { get; init; }

    /// <summary>pass@1, pass@2, pass@4 and so on up to k, estimated without bias from all k (arXiv:2107.03374).</summary>
    public IReadOnlyList<PassAt> PassAt { get; init; } = [];

    /// <summary>Share of prompts whose most frequent answer is right (majority vote of k); not a number where answers are programs.</summary>
    public required double ConsAtK { get; init; }

    /// <summary>Share of completions that have the expected form.</summary>
    public required double Format { get; init; }

    /// <summary>Share of completions with words of another language than the prompt's; null where no word lists were given.</summary>
    public double? Mixing { get; init; }

    /// <summary>Mean share of repeated 4-grams.</summary>
    public required double Repetition { get; init; }

    /// <summary>Share of completions that met the length limit.</summary>
    public required double Truncation { get; init; }

    /// <summary>Mean length of a completion, in tokens.</summary>
    public required double MeanLength { get; init; }

    /// <summary>Share of completions with a word of reflection.</summary>
    public required double Reflection { get; init; }

    /// <summary>Share of completions with a word of reflection that are right.</summary>
    public double? UsefulReflection { get; init; }

    /// <summary>Share of completions that take a step back, state it with another result, and end right.</summary>
    public double? Corrected { get; init; }

    /// <summary>
    /// Of the completions that went wrong somewhere, the share that noticed it: those that corrected themselves and ended right
    /// over those and the ones that ended wrong. Null if none went wrong.
    /// </summary>
    public double? Recovery { get; init; }

    /// <summary>Completions by what became of the answer: <c>correct</c>, <c>wrong</c>, <c>no_answer</c>, … Those without a score are not graded.</summary>
    public IReadOnlyDictionary<string, int> Outcomes { get; init; } = new Dictionary<string, int>();

    /// <summary>pass@1 by difficulty; empty where the problems have none.</summary>
    public IReadOnlyList<GroupAccuracy> ByLevel { get; init; } = [];

    /// <summary>pass@1 by subject; empty where the problems have none.</summary>
    public IReadOnlyList<GroupAccuracy> BySubject { get; init; } = [];

    /// <summary>Correctness a prompt, mean over its k completions, in the order of the dataset: for paired comparisons.</summary>
    public IReadOnlyList<double> PerPrompt { get; init; } = [];

    /// <summary>The names of those prompts, by which two evaluations are paired; empty in older files, which are not compared.</summary>
    public IReadOnlyList<string> ProblemIds { get; init; } = [];

    /// <summary>
    /// What makes up each number, prompt by prompt, so that claims about it have an interval; by the metric's name without
    /// <c>eval/</c>. Of the same prompts in the same order as <see cref="ProblemIds"/>; empty in older files.
    /// </summary>
    public IReadOnlyDictionary<string, PromptTerms> ByPrompt { get; init; } = new Dictionary<string, PromptTerms>();
}

/// <summary>A number as the quotient of two sums over prompts.</summary>
/// <param name="Above">What each prompt adds above the line, such as its completions of the expected form.</param>
/// <param name="Below">What it adds below, such as its completions.</param>
public sealed record PromptTerms(IReadOnlyList<double> Above, IReadOnlyList<double> Below);

/// <summary>The chance that at least one of so many completions is right.</summary>
/// <param name="K">So many.</param>
/// <param name="Value">Mean over the prompts.</param>
public sealed record PassAt(int K, double Value);

/// <summary>Accuracy on a part of the prompts.</summary>
/// <param name="Name">The level or subject.</param>
/// <param name="N">Its prompts.</param>
/// <param name="PassAt1">Mean correctness.</param>
public sealed record GroupAccuracy(string Name, int N, Estimate PassAt1);

/// <summary>A number with its 95 % confidence interval.</summary>
/// <param name="Value">The estimate.</param>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
/// <param name="StandardError">Standard error of the estimate; null where it is not known.</param>
public sealed record Estimate(double Value, double Low, double High, double? StandardError = null);
