using Pipeline.Protocol.Artifacts;

namespace Pipeline.Stages.Evaluation;

/// <summary>What each prompt adds to the numbers of an evaluation, so that a claim about them can be given an interval by drawing prompts.</summary>
internal static class PromptMetrics
{
    /// <summary>The terms by the metric's name.</summary>
    /// <param name="prompts">The grades of each prompt.</param>
    public static IReadOnlyDictionary<string, PromptTerms> Of(IReadOnlyList<Grade[]> prompts)
    {
        var terms = new Dictionary<string, PromptTerms>
        {
            // A mean of means: prompts count alike, however many of their completions were graded.
            ["pass@1"] = new(
                [.. prompts.Select(prompt => prompt.Count(grade => grade.IsCorrect) / (double)prompt.Count(grade => grade.IsGraded))],
                [.. prompts.Select(_ => 1.0)]),
            ["format"] = Share(grade => grade.HasForm),
            ["repetition"] = Mean(grade => grade.Repetition),
            ["truncation"] = Share(grade => grade.Completion.IsTruncated),
            ["mean_length"] = Mean(grade => grade.Completion.Input.Length),
            ["reflection"] = Share(grade => grade.Reflects),
            ["useful_reflection"] = Share(grade => grade.Reflects && grade.IsCorrect),
            ["corrected"] = Share(Recovers),
            ["recovery"] = Terms(grade => Recovers(grade) ? 1 : 0, grade => Recovers(grade) || (grade.IsGraded && !grade.IsCorrect)),
        };
        if (prompts.Any(prompt => prompt.Any(grade => grade.IsMixed is not null)))
            terms["mixing"] = Terms(grade => grade.IsMixed == true ? 1 : 0, grade => grade.IsMixed is not null);
        return terms;

        PromptTerms Share(Func<Grade, bool> holds) => Mean(grade => holds(grade) ? 1 : 0);

        PromptTerms Mean(Func<Grade, double> value) => Terms(value, _ => true);

        PromptTerms Terms(Func<Grade, double> value, Func<Grade, bool> counts) =>
            new([.. prompts.Select(prompt => prompt.Where(counts).Sum(value))], [.. prompts.Select(prompt => (double)prompt.Count(counts))]);
    }

    private static bool Recovers(Grade grade) => grade.Corrects && grade.IsCorrect;
}
