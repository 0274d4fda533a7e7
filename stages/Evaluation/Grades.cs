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
        var byPrompt = grades.Chunk(samples).ToList();
        var perPrompt = byPrompt.Select(prompt => Share(prompt, grade => grade.IsCorrect)).ToList();
        var passAtOne = Bootstrap.OverPrompts(perPrompt);
        var languages = grades.Where(grade => grade.IsMixed is not null).ToList();
        return new EvaluationReport
        {
            Name = name,
            N = byPrompt.Count,
            K = samples,
            PassAt1 = new Estimate(passAtOne.Value, passAtOne.Low, passAtOne.High, passAtOne.StandardError),
            PassAtK = byPrompt.Average(prompt => prompt.Any(grade => grade.IsCorrect) ? 1.0 : 0.0),
            ConsAtK = byPrompt.Average(prompt => ConsensusAtK.Of(prompt.Select(grade => grade.Answer), prompt[0].Completion.Prompt.Row.GroundTruth) ?? 0),
            Format = Share(grades, grade => grade.HasForm),
            Mixing = languages.Count == 0 ? null : Share(languages, grade => grade.IsMixed == true),
            Repetition = grades.Average(grade => grade.Repetition),
            Truncation = Share(grades, grade => grade.Completion.IsTruncated),
            MeanLength = grades.Average(grade => grade.Completion.Input.Length),
            Reflection = Share(grades, grade => grade.Reflects),
            UsefulReflection = Share(grades, grade => grade.Reflects && grade.IsCorrect),
            PerPrompt = perPrompt,
        };
    }

    /// <summary>The report's numbers as metrics of the result.</summary>
    public static IEnumerable<KeyValuePair<string, double>> Metrics(EvaluationReport report) =>
    [
        new("eval/n", report.N),
        new("eval/pass@1", report.PassAt1.Value),
        new("eval/pass@1_low", report.PassAt1.Low),
        new("eval/pass@1_high", report.PassAt1.High),
        new("eval/pass@k", report.PassAtK),
        new("eval/cons@k", report.ConsAtK),
        new("eval/format", report.Format),
        .. report.Mixing is { } mixing ? [new KeyValuePair<string, double>("eval/mixing", mixing)] : Array.Empty<KeyValuePair<string, double>>(),
        new("eval/repetition", report.Repetition),
        new("eval/truncation", report.Truncation),
        new("eval/mean_length", report.MeanLength),
        new("eval/reflection", report.Reflection),
        new("eval/useful_reflection", report.UsefulReflection ?? 0),
    ];

    private static double Share(IReadOnlyCollection<Grade> grades, Func<Grade, bool> holds) => grades.Count(holds) / (double)grades.Count;
}
