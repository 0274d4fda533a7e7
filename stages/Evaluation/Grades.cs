using Pipeline.Protocol.Artifacts;
using Pipeline.Rewards.Statistics;

namespace Pipeline.Stages.Evaluation;

/// <summary>From the grades of single completions to a row of the report.</summary>
public static class Grades
{
    /// <summary>Sums up.</summary>
    /// <param name="name">The model's name in the report.</param>
    /// <param name="grades">Those of the first prompt, then those of the second, and so on.</param>
    /// <param name="samples">Completions a prompt.</param>
    public static EvaluationReport Report(string name, IReadOnlyList<Grade> grades, int samples)
    {
        var results = ProblemResult.Of(grades, samples);
        var graded = results.Where(result => result.Graded > 0).ToList();
        var languages = grades.Where(grade => grade.IsMixed is not null).ToList();
        var recovered = grades.Count(grade => grade.Corrects && grade.IsCorrect);
        var erred = recovered + grades.Count(grade => grade.IsGraded && !grade.IsCorrect);
        return new EvaluationReport
        {
            Name = name,
            N = graded.Count,
            K = samples,
            PassAt1 = Accuracy(graded),
            PassAtK = graded.Count == 0 ? double.NaN : graded.Average(result => result.Correct > 0 ? 1.0 : 0.0),
            PassAt = [.. PowersOfTwo(samples).Select(k => new PassAt(k, PassAt(graded, k))).Where(pass => double.IsFinite(pass.Value))],
            ConsAtK = graded.All(result => result.Consensus is null) ? double.NaN : graded.Average(result => result.Consensus ?? 0),
            Format = Share(grades, grade => grade.HasForm),
            Mixing = languages.Count == 0 ? null : Share(languages, grade => grade.IsMixed == true),
            Repetition = grades.Average(grade => grade.Repetition),
            Truncation = Share(grades, grade => grade.Completion.IsTruncated),
            MeanLength = grades.Average(grade => grade.Completion.Input.Length),
            Reflection = Share(grades, grade => grade.Reflects),
            UsefulReflection = Share(grades, grade => grade.Reflects && grade.IsCorrect),
            Corrected = recovered / (double)grades.Count,
            Recovery = erred == 0 ? null : recovered / (double)erred,
            Outcomes = new SortedDictionary<string, int>(grades.CountBy(grade => grade.OutcomeName).ToDictionary(), StringComparer.Ordinal),
            ByLevel = By(graded, result => result.Level),
            BySubject = By(graded, result => result.Subject),
            PerPrompt = [.. graded.Select(result => result.PassAt1)],
            ProblemIds = [.. graded.Select(result => result.ProblemId)],
            ByPrompt = PromptMetrics.Of([.. grades.Chunk(samples).Where(prompt => prompt.Any(grade => grade.IsGraded))]),
        };
    }

    /// <summary>The report's numbers as metrics of the result.</summary>
    public static IEnumerable<KeyValuePair<string, double>> Metrics(EvaluationReport report)
    {
        var metrics = new Dictionary<string, double?>
        {
            ["n"] = report.N,
            ["pass@1"] = report.PassAt1.Value,
            ["pass@1_low"] = report.PassAt1.Low,
            ["pass@1_high"] = report.PassAt1.High,
            ["pass@1_standard_error"] = report.PassAt1.StandardError,
            ["pass@k"] = report.PassAtK,
            ["cons@k"] = report.ConsAtK,
            ["format"] = report.Format,
            ["mixing"] = report.Mixing,
            ["repetition"] = report.Repetition,
            ["truncation"] = report.Truncation,
            ["mean_length"] = report.MeanLength,
            ["reflection"] = report.Reflection,
            ["useful_reflection"] = report.UsefulReflection,
            ["corrected"] = report.Corrected,
            ["recovery"] = report.Recovery,
        };
        foreach (var pass in report.PassAt) metrics.TryAdd($"pass@{pass.K}", pass.Value);
        return metrics.Where(metric => metric.Value is not null).Select(metric => new KeyValuePair<string, double>($"eval/{metric.Key}", metric.Value!.Value));
    }

    private static Estimate Accuracy(List<ProblemResult> graded)
    {
        if (graded.Count == 0) return new Estimate(double.NaN, double.NaN, double.NaN);
        var interval = Bootstrap.OverPrompts([.. graded.Select(result => result.PassAt1)]);
        return new Estimate(interval.Value, interval.Low, interval.High, interval.StandardError);
    }

    /// <summary>Over the prompts of which at least k completions were graded.</summary>
    private static double PassAt(IReadOnlyList<ProblemResult> graded, int k) =>
        graded.Where(result => result.Graded >= k).Select(result => PassAtK.Of(result.Graded, result.Correct, k)).DefaultIfEmpty(double.NaN).Average();

    private static IEnumerable<int> PowersOfTwo(int most)
    {
        for (var k = 1; k <= most; k *= 2) yield return k;
    }

    /// <summary>Levels that are numbers come in their order, names in that of the alphabet.</summary>
    private static IReadOnlyList<GroupAccuracy> By(List<ProblemResult> graded, Func<ProblemResult, string?> group) =>
    [
        .. graded.Where(result => group(result) is not null).GroupBy(result => group(result)!)
            .OrderBy(results => int.TryParse(results.Key, out var level) ? level : int.MaxValue).ThenBy(results => results.Key, StringComparer.Ordinal)
            .Select(results => new GroupAccuracy(results.Key, results.Count(), Accuracy([.. results]))),
    ];

    private static double Share(IReadOnlyCollection<Grade> grades, Func<Grade, bool> holds) => grades.Count(holds) / (double)grades.Count;
}
