using Pipeline.Datasets.Parquet;
using Pipeline.Datasets.Parquet.Rows;
using Pipeline.Datasets.Tables;

namespace Pipeline.Datasets.Sources;

/// <summary>Reads a dataset by a schema: writes it as ours, or only looks whether that could be done.</summary>
/// <param name="Table">The dataset.</param>
/// <param name="Schema">One of <see cref="SourceSchemas.All"/>.</param>
/// <param name="Renaming">Names of columns that are other than the schema's.</param>
/// <param name="Source">The dataset's name, for rows that do not say so themselves.</param>
/// <param name="Problem">Told of every row that is left out.</param>
public sealed record Conversion(Table Table, ISourceSchema Schema, Renaming Renaming, string Source, Action<RowProblem> Problem)
{
    /// <summary>Rows that were read already, in place of all of the table's.</summary>
    public IEnumerable<TableRow>? Sample { get; init; }

    /// <summary>Writes the rows that are as the schema says.</summary>
    /// <param name="output">A .parquet file, or a folder.</param>
    /// <returns>Rows written.</returns>
    /// <exception cref="DatasetException">No row is left, or the dataset cannot be read.</exception>
    public long Write(string output) => Schema switch
    {
        ISourceSchema<PromptRow> schema => Dataset.Write(output, Rows(schema)),
        ISourceSchema<SftRow> schema => Dataset.Write(output, Rows(schema)),
        ISourceSchema<PreferenceRow> schema => Dataset.Write(output, Rows(schema)),
        ISourceSchema<PointwiseRow> schema => Dataset.Write(output, Rows(schema)),
        ISourceSchema<TextRow> schema => Dataset.Write(output, Rows(schema)),
        _ => throw new InvalidOperationException($"No row type for {Schema.Name}."),
    };

    /// <summary>Counts the rows that are as the schema says.</summary>
    public long Check() => Schema switch
    {
        ISourceSchema<PromptRow> schema => Rows(schema).LongCount(),
        ISourceSchema<SftRow> schema => Rows(schema).LongCount(),
        ISourceSchema<PreferenceRow> schema => Rows(schema).LongCount(),
        ISourceSchema<PointwiseRow> schema => Rows(schema).LongCount(),
        ISourceSchema<TextRow> schema => Rows(schema).LongCount(),
        _ => throw new InvalidOperationException($"No row type for {Schema.Name}."),
    };

    private IEnumerable<TRow> Rows<TRow>(ISourceSchema<TRow> schema) where TRow : IDatasetRow<TRow>
    {
        var index = 0L;
        foreach (var row in Sample ?? Table.Rows())
            if (Convert(schema, row, index++) is { } converted) yield return converted;
    }

    private TRow? Convert<TRow>(ISourceSchema<TRow> schema, TableRow row, long index) where TRow : IDatasetRow<TRow>
    {
        try
        {
            if (row.Fields is null) throw new RowException(RowErrors.Unreadable, null, $"{row.Problem}. Mend or drop it.");
            if (row.Verbatim?.Contains('\uFFFD') == true) throw new RowException(RowErrors.Encoding, null,
                "holds U+FFFD, which stands where bytes were not UTF-8. Convert the file with iconv, or drop the row.");
            return schema.Convert(new RowFields(Renaming.Of(row.Fields)), new RowOrigin(Source, index));
        }
        catch (RowException error)
        {
            Problem(new RowProblem(row, error));
            return default;
        }
    }
}
