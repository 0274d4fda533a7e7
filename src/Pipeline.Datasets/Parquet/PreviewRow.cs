namespace Pipeline.Datasets.Parquet;

/// <summary>A row of whatever columns there are.</summary>
internal sealed record PreviewRow(IReadOnlyList<PreviewColumn> Columns, IReadOnlyDictionary<string, object?> Values) : IDatasetRow<PreviewRow>
{
    static void IDatasetRow<PreviewRow>.Write(ColumnWriter columns, IReadOnlyList<PreviewRow> rows) =>
        throw new NotSupportedException("A preview is only looked at.");

    static PreviewRow[] IDatasetRow<PreviewRow>.Read(ColumnReader columns)
    {
        PreviewColumn[] all = [.. columns.Names.Select(name => new PreviewColumn(name, columns.TypeOf(name)))];
        var values = all.ToDictionary(column => column.Name, column => ValuesOf(columns, column.Name));
        return [.. Enumerable.Range(0, columns.Rows).Select(row => new PreviewRow(all, values.ToDictionary(column => column.Key, column => column.Value[row])))];
    }

    private static object?[] ValuesOf(ColumnReader columns, string name)
    {
        if (columns.IsText(name)) return [.. columns.OptionalText(name)];
        if (columns.IsInteger(name)) return [.. columns.OptionalInteger(name).Cast<object?>()];
        if (columns.IsNumber(name)) return [.. columns.OptionalNumber(name).Select(value => value is { } number && double.IsFinite(number) ? (object)number : null)];
        if (columns.MembersOf(name) is { Count: > 0 } members)
        {
            var inner = members.ToDictionary(member => member, member => ValuesOf(columns, $"{name}/{member}"));
            return [.. Enumerable.Range(0, columns.Rows).Select(row => inner.ToDictionary(member => member.Key, member => member.Value[row]))];
        }
        try { return [.. columns.Messages(name)]; }
        catch (DatasetException) { return new object?[columns.Rows]; } // a type that our datasets do not have: its name is shown, not its values
    }
}
