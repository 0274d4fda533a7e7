using Pipeline.Datasets.Chat;

namespace Pipeline.Datasets.Parquet.Rows;

/// <summary>
/// Two completions of one prompt and which is better. Columns: <c>prompt</c>, <c>chosen</c>, <c>rejected</c>, all three written
/// as messages (TRL's conversational preference format, which wants them alike); strings are read as well.
/// </summary>
/// <param name="Prompt">The turns before the completions.</param>
/// <param name="Chosen">The better completion.</param>
/// <param name="Rejected">The worse completion.</param>
public sealed record PreferenceRow(IReadOnlyList<ChatMessage> Prompt, string Chosen, string Rejected) : IDatasetRow<PreferenceRow>
{
    static void IDatasetRow<PreferenceRow>.Write(ColumnWriter columns, IReadOnlyList<PreferenceRow> rows)
    {
        columns.Messages("prompt", rows.Select(row => row.Prompt));
        columns.Messages("chosen", rows.Select(row => (IReadOnlyList<ChatMessage>)[ChatMessage.Assistant(row.Chosen)]));
        columns.Messages("rejected", rows.Select(row => (IReadOnlyList<ChatMessage>)[ChatMessage.Assistant(row.Rejected)]));
    }

    static PreferenceRow[] IDatasetRow<PreferenceRow>.Read(ColumnReader columns)
    {
        var prompts = columns.Messages("prompt");
        var chosen = columns.Completion("chosen");
        var rejected = columns.Completion("rejected");
        return [.. prompts.Select((prompt, row) => new PreferenceRow(prompt, chosen[row], rejected[row]))];
    }
}
