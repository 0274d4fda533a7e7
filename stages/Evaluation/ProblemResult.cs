using Pipeline.Datasets.Parquet;
using Pipeline.Rewards;
using Pipeline.Rewards.Statistics;

namespace Pipeline.Stages.Evaluation;

/// <summary>
/// What a model made of one problem: a row of <c>problems.parquet</c>, by which two models are compared without running
/// either again.
/// </summary>
public sealed record ProblemResult : IDatasetRow<ProblemResult>
{
    /// <summary>Name of the file inside the output folder.</summary>
    public const string FileName = "problems.parquet";

    /// <summary>The problem.</summary>
    public required string ProblemId { get; init; }

    /// <summary>Its difficulty.</summary>
    public string? Level { get; init; }

    /// <summary>Its subject.</summary>
    public string? Subject { get; init; }

    /// <summary>Completions that were graded.</summary>
    public required int Graded { get; init; }

    /// <summary>How many of them are right.</summary>
    public required int Correct { get; init; }

    /// <summary>Whether the majority is right, a tie by its share; null where answers cannot be counted.</summary>
    public double? Consensus { get; init; }

    /// <summary>Mean length of its completions, in tokens.</summary>
    public required double MeanLength { get; init; }

    /// <summary>Share of the graded completions that are right; NaN if none was graded.</summary>
    public double PassAt1 => Correct / (double)Graded;

    /// <summary>A result for each problem.</summary>
    /// <param name="grades">Those of the first problem, then those of the second, and so on.</param>
    /// <param name="samples">Completions a problem.</param>
    public static IReadOnlyList<ProblemResult> Of(IReadOnlyList<Grade> grades, int samples) =>
        [.. grades.Chunk(samples).Select(problem => Of(problem))];

    static void IDatasetRow<ProblemResult>.Write(ColumnWriter columns, IReadOnlyList<ProblemResult> rows)
    {
        columns.Text("problem_id", rows.Select(row => row.ProblemId));
        columns.OptionalText("level", rows.Select(row => row.Level));
        columns.OptionalText("subject", rows.Select(row => row.Subject));
        columns.Integer("graded", rows.Select(row => (long)row.Graded));
        columns.Integer("correct", rows.Select(row => (long)row.Correct));
        columns.OptionalNumber("consensus", rows.Select(row => row.Consensus));
        columns.Number("mean_length", rows.Select(row => row.MeanLength));
    }

    static ProblemResult[] IDatasetRow<ProblemResult>.Read(ColumnReader columns)
    {
        var ids = columns.Text("problem_id");
        var levels = columns.OptionalText("level");
        var subjects = columns.OptionalText("subject");
        var graded = columns.Integer("graded");
        var correct = columns.Integer("correct");
        var consensus = columns.OptionalNumber("consensus");
        var lengths = columns.Number("mean_length");
        return [.. ids.Select((id, row) => new ProblemResult
        {
            ProblemId = id, Level = levels[row], Subject = subjects[row], Graded = (int)graded[row], Correct = (int)correct[row],
            Consensus = consensus[row], MeanLength = lengths[row],
        })];
    }

    private static ProblemResult Of(Grade[] grades)
    {
        var problem = grades[0].Problem;
        var graded = grades.Where(grade => grade.IsGraded).ToList();
        return new ProblemResult
        {
            ProblemId = problem.Row.ProblemId,
            Level = problem.Level,
            Subject = problem.Subject,
            Graded = graded.Count,
            Correct = graded.Count(grade => grade.IsCorrect),
            // Programs are never the same text twice, so there is no majority of them.
            Consensus = problem.Row.Ability == Verifier.CodeAbility ? null : ConsensusAtK.Of(graded.Select(grade => grade.Answer), problem.Row.GroundTruth),
            MeanLength = grades.Average(grade => grade.Completion.Input.Length),
        };
    }
}
