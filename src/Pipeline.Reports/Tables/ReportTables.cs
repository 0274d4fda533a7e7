using Pipeline.Engine.Runs;
using Pipeline.Protocol.Artifacts;

namespace Pipeline.Reports.Tables;

/// <summary>The tables of a report. One that has no row is left out.</summary>
internal static class ReportTables
{
    public static IReadOnlyList<Table> Of(Report report) =>
        [.. new[] { Models(report), Comparisons(report), Groups(report, "level", model => model.ByLevel), Groups(report, "subject", model => model.BySubject), RewardModels(report), ClaimTable.Of(report) }
            .Concat(report.Funnels.SelectMany(FunnelTables.Of))
            .Append(Stages(report))
            .Where(table => table.Rows.Count > 0)];

    private static Table Models(Report report)
    {
        var k = report.Models.Select(model => model.K).Distinct().ToArray();
        return new Table(
            "Models on held-out prompts",
            [
                new("model", IsNumber: false), new("pass@1"), new("95 % interval"), new("n"), new("k"),
                new(k is [var same] ? $"cons@{same}" : "cons@k"), new("format"), new("mixing"), new("repetition"),
                new("truncation"), new("length"), new("reflection"), new("corrected"),
            ],
            [.. report.Models.Select(Model)],
            "pass@1: completions with the right answer, n prompts with k completions each. cons@k: prompts whose most frequent "
            + "answer is right. format, mixing, truncation, reflection: completions that have the expected form, change the "
            + "language, meet the length limit, reflect. repetition: repeated 4-grams. length: tokens a completion. corrected: completions that state a step again "
            + "with another result, and end right. Intervals by bootstrap over prompts.");
    }

    private static IReadOnlyList<string> Model(EvaluationReport model) =>
    [
        model.Name, Text.Percent(model.PassAt1.Value), Text.Interval(model.PassAt1), Text.Count(model.N), Text.Count(model.K),
        Text.Percent(model.ConsAtK), Text.Percent(model.Format), Text.Percent(model.Mixing), Text.Percent(model.Repetition),
        Text.Percent(model.Truncation), Text.Decimal(model.MeanLength), Text.Percent(model.Reflection),
        Text.Percent(model.Corrected),
    ];

    private static Table Comparisons(Report report) => new(
        "Models compared, prompt by prompt",
        [new("model", IsNumber: false), new("against", IsNumber: false), new("difference"), new("95 % interval"), new("p"), new("n")],
        [.. report.Comparisons.Select(row => (IReadOnlyList<string>)
        [
            row.Model, row.Against, Text.Points(row.Comparison.Difference), Text.Points(row.Comparison.Low, row.Comparison.High),
            Text.Chance(row.Comparison.PValue), Text.Count(row.Comparison.Count),
        ])],
        "Each model against the one above it, on the prompts that both were asked. difference: points of pass@1. Interval by bootstrap over prompts; p by "
        + "Fisher's permutation test, two-sided: how often chance alone makes the difference as large. Not corrected for the number of comparisons.");

    /// <summary>A row for each level or subject, a column for each model that was evaluated on any.</summary>
    private static Table Groups(Report report, string what, Func<EvaluationReport, IReadOnlyList<GroupAccuracy>> groups)
    {
        var models = report.Models.Where(model => groups(model).Count > 0).ToList();
        var names = models.SelectMany(groups).Select(group => group.Name).Distinct();
        return new Table(
            $"pass@1 by {what}",
            [new(what, IsNumber: false), new("n"), .. models.Select(model => new Column(model.Name))],
            [.. names.Select(name => (IReadOnlyList<string>)
            [
                name,
                Text.Count(models.SelectMany(groups).First(group => group.Name == name).N),
                .. models.Select(model => Text.Percent(groups(model).FirstOrDefault(group => group.Name == name)?.PassAt1.Value)),
            ])]);
    }

    private static Table RewardModels(Report report) => new(
        "Reward models on held-out answers",
        [new("stage", IsNumber: false), new("accuracy"), new("95 % interval"), new("n")],
        [.. report.RewardModels.Select(row => (IReadOnlyList<string>)
            [row.Stage, Text.Percent(row.Accuracy.Value), Text.Interval(row.Accuracy), Text.Count(row.N)])]);

    private static Table Stages(Report report)
    {
        IReadOnlyList<string> Row(string stage, string uses, string state, int attempts, double? seconds, long? tokens) =>
            [stage, uses, state, Text.Count(attempts), Text.Duration(seconds), Text.Count(tokens)];

        var stages = report.Stages;
        var rows = stages
            .Select(row => Row(row.Stage, row.Uses, Text.Word(row.State), row.Attempts, row.Seconds, row.Tokens))
            .ToList();
        if (rows.Count > 1)
            rows.Add(Row("all", "", "", stages.Sum(row => row.Attempts), stages.Sum(row => row.Seconds ?? 0), stages.Sum(row => row.Tokens ?? 0)));
        return new Table(
            "Stages",
            [
                new("stage", IsNumber: false), new("uses", IsNumber: false), new("state", IsNumber: false),
                new("attempts"), new("work"), new("tokens"),
            ],
            rows,
            stages.Any(row => row.State == StagePhase.Cached)
                ? "cached: taken from an earlier run, with the work and tokens spent there."
                : "");
    }
}
