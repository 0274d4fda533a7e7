namespace Pipeline.Datasets.Parquet.Rows;

/// <summary>A document of a pretraining corpus. Columns: <c>text</c>.</summary>
/// <param name="Text">Verbatim, without end-of-sequence token.</param>
public sealed record TextRow(string Text) : IDatasetRow<TextRow>
{
    static void IDatasetRow<TextRow>.Write(ColumnWriter columns, IReadOnlyList<TextRow> rows) =>
        columns.Text("text", rows.Select(row => row.Text));

    static TextRow[] IDatasetRow<TextRow>.Read(ColumnReader columns) =>
        [.. columns.Text("text").Select(text => new TextRow(text))];
}
