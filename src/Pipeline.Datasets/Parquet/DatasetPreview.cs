namespace Pipeline.Datasets.Parquet;

/// <summary>Columns, number of rows and first rows of any dataset, for a person to look at.</summary>
/// <param name="Columns">The columns at the top level, in file order.</param>
/// <param name="Count">Number of all rows.</param>
/// <param name="Rows">The first rows: values by column; text, numbers, true or false, structs as dictionaries, conversations as turns.</param>
public sealed record DatasetPreview(
    IReadOnlyList<PreviewColumn> Columns, long Count, IReadOnlyList<IReadOnlyDictionary<string, object?>> Rows)
{
    /// <summary>Looks at a dataset.</summary>
    /// <param name="path">A .parquet file, or a folder that holds some.</param>
    /// <param name="rows">Rows at most.</param>
    /// <exception cref="DatasetException">The dataset is missing, unreadable or empty.</exception>
    public static DatasetPreview Of(string path, int rows)
    {
        var first = Dataset.Stream<PreviewRow>(path).Take(rows).ToList();
        return new(first[0].Columns, Dataset.Count(path), [.. first.Select(row => row.Values)]);
    }
}

/// <summary>A column of a dataset.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type, such as <c>string</c> or <c>list&lt;struct&lt;role: string, content: string&gt;&gt;</c>.</param>
public sealed record PreviewColumn(string Name, string Type);
