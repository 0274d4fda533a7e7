using Pipeline.Datasets.Tables;

namespace Pipeline.Datasets.Sources;

/// <summary>What is wrong with a row.</summary>
/// <param name="File">The file.</param>
/// <param name="Row">The row's number, from 1; in JSON lines the line's.</param>
/// <param name="Column">The column; null for the row as a whole.</param>
/// <param name="Code">One of <see cref="RowErrors"/>.</param>
/// <param name="Message">What was found, and what to try.</param>
public sealed record RowProblem(string File, long Row, string? Column, string Code, string Message)
{
    internal RowProblem(TableRow row, RowException error) : this(row.File, row.Number, error.Column, error.Code, error.Message) { }

    /// <summary><c>data.jsonl: row 7: column 'answer': … (ROW_NO_ANSWER)</c>.</summary>
    public override string ToString() => $"{File}: row {Row}: {(Column is null ? "" : $"column '{Column}' ")}{Message} ({Code})";
}
