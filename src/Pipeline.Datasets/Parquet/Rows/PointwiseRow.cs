using Pipeline.Datasets.Chat;

namespace Pipeline.Datasets.Parquet.Rows;

/// <summary>
/// One completion and whether it is acceptable, for a pointwise reward model. Columns: <c>prompt</c>, <c>completion</c> (written
/// as messages, strings are read as well), <c>label</c> (boolean; 0 and 1 are read as well).
/// </summary>
/// <param name="Prompt">The turns before the completion.</param>
/// <param name="Completion">What was answered.</param>
/// <param name="Label">True if it is acceptable.</param>
public sealed record PointwiseRow(IReadOnlyList<ChatMessage> Prompt, string Completion, bool Label) : IDatasetRow<PointwiseRow>
{
    static void IDatasetRow<PointwiseRow>.Write(ColumnWriter columns, IReadOnlyList<PointwiseRow> rows)
    {
        columns.Messages("prompt", rows.Select(row => row.Prompt));
        columns.Messages("completion", rows.Select(row => (IReadOnlyList<ChatMessage>)[ChatMessage.Assistant(row.Completion)]));
        columns.Flag("label", rows.Select(row => row.Label));
    }

    static PointwiseRow[] IDatasetRow<PointwiseRow>.Read(ColumnReader columns)
    {
        var prompts = columns.Messages("prompt");
        var completions = columns.Completion("completion");
        var labels = columns.Flag("label");
        return [.. prompts.Select((prompt, row) => new PointwiseRow(prompt, completions[row], labels[row]))];
    }
}
