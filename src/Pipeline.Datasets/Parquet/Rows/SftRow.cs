using Pipeline.Datasets.Chat;

namespace Pipeline.Datasets.Parquet.Rows;

/// <summary>
/// A conversation to imitate. Columns: <c>messages: list&lt;struct&lt;role, content&gt;&gt;</c>, <c>language</c>, <c>source</c>
/// (both may be absent). <c>prompt</c> and <c>completion</c> are read as well, as strings or as messages.
/// </summary>
/// <param name="Messages">The turns; those of the assistant are learnt.</param>
/// <param name="Language">The language the answer should be in, e.g. <c>en</c>; null if nobody knows.</param>
/// <param name="Source">Where the row comes from, e.g. <c>rejection_sampling</c>; for counting in reports.</param>
public sealed record SftRow(IReadOnlyList<ChatMessage> Messages, string? Language = null, string? Source = null)
    : IDatasetRow<SftRow>
{
    static void IDatasetRow<SftRow>.Write(ColumnWriter columns, IReadOnlyList<SftRow> rows)
    {
        columns.Messages("messages", rows.Select(row => row.Messages));
        columns.OptionalText("language", rows.Select(row => row.Language));
        columns.OptionalText("source", rows.Select(row => row.Source));
    }

    static SftRow[] IDatasetRow<SftRow>.Read(ColumnReader columns)
    {
        var messages = !columns.Has("messages") && columns.Has("prompt") && columns.Has("completion")
            ? columns.Messages("prompt")
                .Zip(columns.Messages("completion", ChatMessage.AssistantRole),
                    IReadOnlyList<ChatMessage> (prompt, completion) => [.. prompt, .. completion])
                .ToArray()
            : columns.Messages("messages");
        var languages = columns.OptionalText("language");
        var sources = columns.OptionalText("source");
        return [.. messages.Select((turns, row) => new SftRow(turns, languages[row], sources[row]))];
    }
}
