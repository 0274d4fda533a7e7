using System.Text.Json;
using Pipeline.Datasets.Parquet;
using Pipeline.Protocol;

namespace Pipeline.Cli.Rewarding;

/// <summary>A completion with its score.</summary>
/// <param name="Row">Its number in the input, from 1.</param>
/// <param name="Prompt">What was asked.</param>
/// <param name="Completion">What was answered.</param>
/// <param name="GroundTruth">What it was compared with; null if nothing.</param>
/// <param name="Score">The reward's own score, before its weight; null where it has none to give.</param>
/// <param name="Outcome">How it came about: <c>correct</c>, <c>wrong</c>, <c>scored</c>, ….</param>
/// <param name="Answer">The final answer found, if one was looked for.</param>
internal sealed record ScoredRow(int Row, string Prompt, string Completion, string? GroundTruth, double? Score, string Outcome, string? Answer) : IDatasetRow<ScoredRow>
{
    /// <summary>Writes the rows as Parquet or, if the name ends in .jsonl, as JSON lines.</summary>
    public static void WriteAll(string path, IReadOnlyList<ScoredRow> rows)
    {
        if (CompletionFile.IsJsonLines(path)) WholeFile.WriteText(path, string.Concat(rows.Select(row => JsonSerializer.Serialize(row, ProtocolJson.Line) + "\n")));
        else Dataset.Write(path, rows);
    }

    static void IDatasetRow<ScoredRow>.Write(ColumnWriter columns, IReadOnlyList<ScoredRow> rows)
    {
        columns.Integer("row", rows.Select(row => (long)row.Row));
        columns.Text("prompt", rows.Select(row => row.Prompt));
        columns.Text("completion", rows.Select(row => row.Completion));
        columns.OptionalText("ground_truth", rows.Select(row => row.GroundTruth));
        columns.OptionalNumber("score", rows.Select(row => row.Score));
        columns.Text("outcome", rows.Select(row => row.Outcome));
        columns.OptionalText("answer", rows.Select(row => row.Answer));
    }

    static ScoredRow[] IDatasetRow<ScoredRow>.Read(ColumnReader columns)
    {
        var (numbers, prompts, completions) = (columns.Integer("row"), columns.Text("prompt"), columns.Text("completion"));
        var (truths, scores) = (columns.OptionalText("ground_truth"), columns.OptionalNumber("score"));
        var (outcomes, answers) = (columns.Text("outcome"), columns.OptionalText("answer"));
        return [.. numbers.Select((number, row) => new ScoredRow((int)number, prompts[row], completions[row], truths[row], scores[row], outcomes[row], answers[row]))];
    }
}
