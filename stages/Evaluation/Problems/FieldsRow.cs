using System.Text.Json.Nodes;
using Pipeline.Datasets.Parquet;

namespace Pipeline.Stages.Evaluation.Problems;

/// <summary>A row whose columns nobody declared: its texts and numbers by name. Other columns are left out.</summary>
/// <param name="Fields">The values.</param>
internal sealed record FieldsRow(JsonObject Fields) : IDatasetRow<FieldsRow>
{
    static void IDatasetRow<FieldsRow>.Write(ColumnWriter columns, IReadOnlyList<FieldsRow> rows) =>
        throw new NotSupportedException("Files of problems are read only.");

    static FieldsRow[] IDatasetRow<FieldsRow>.Read(ColumnReader columns)
    {
        var rows = Enumerable.Range(0, columns.Rows).Select(_ => new JsonObject()).ToArray();
        foreach (var name in columns.Names)
        {
            IEnumerable<JsonNode?> values =
                columns.IsText(name) ? columns.OptionalText(name).Select(value => (JsonNode?)value)
                : columns.IsNumber(name) ? columns.OptionalNumber(name).Select(value => (JsonNode?)value)
                : columns.IsInteger(name) ? columns.OptionalInteger(name).Select(value => (JsonNode?)value)
                : [];
            foreach (var (row, value) in values.Index()) rows[row][name] = value;
        }
        return [.. rows.Select(fields => new FieldsRow(fields))];
    }
}
