namespace Pipeline.Datasets.Parquet;

/// <summary>
/// A row type that knows its own columns. Both directions stand beside each other in the record, so the schema can
/// be read off there and nowhere else.
/// </summary>
/// <typeparam name="TSelf">The row type itself.</typeparam>
public interface IDatasetRow<TSelf> where TSelf : IDatasetRow<TSelf>
{
    /// <summary>Puts <paramref name="rows"/> into columns, in the order in which the columns stand in the file.</summary>
    static abstract void Write(ColumnWriter columns, IReadOnlyList<TSelf> rows);

    /// <summary>Makes rows of the columns of one row group. Columns it does not know are not an error.</summary>
    /// <exception cref="DatasetException">A needed column is missing, has another type, or holds a null.</exception>
    static abstract TSelf[] Read(ColumnReader columns);
}
