using System.Text.Json.Nodes;
using Parquet;
using Parquet.Schema;
using Pipeline.Datasets.Parquet;

namespace Pipeline.Datasets.Tables;

/// <summary>A row group with its columns packed as the file has them; rows are put together one by one.</summary>
internal sealed class RowGroup : IDisposable
{
    private readonly long _first;
    private readonly int _rows;
    private readonly Leaf[] _leaves;
    private readonly (string Name, IAssembly Values)[] _columns;

    /// <param name="file">Named in errors.</param>
    /// <param name="schema">Of the file.</param>
    /// <param name="group">The row group.</param>
    /// <param name="first">Number of its first row in the file.</param>
    public RowGroup(string file, ParquetSchema schema, ParquetRowGroupReader group, long first)
    {
        (File, Schema, _first, _rows) = (file, schema, first, checked((int)group.RowCount));
        _leaves = [.. schema.DataFields.Select(field => Leaf.Of(field,
            Dataset.Await(file, () => group.ReadRawColumnDataBaseAsync(field, CancellationToken.None).AsTask())))];
        var byPath = _leaves.ToDictionary(leaf => leaf.Field.Path);
        _columns = [.. schema.Fields.Select(field => (field.Name, Assembly.Of(field, byPath, definition: 0, repetition: 0)))];
    }

    public string File { get; }

    public ParquetSchema Schema { get; }

    public IEnumerable<TableRow> Rows()
    {
        foreach (var leaf in _leaves) leaf.Rewind();
        for (var row = 0; row < _rows; row++)
        {
            var fields = new JsonObject();
            foreach (var (name, values) in _columns) fields[name] = values.Next();
            yield return new TableRow(File, _first + row, fields);
        }
    }

    /// <summary>Writes the rows that are <paramref name="kept"/> as a row group of another file, without looking at their types.</summary>
    public void Write(ParquetWriter file, ParquetSchema schema, bool[] kept)
    {
        using var group = file.CreateRowGroup();
        foreach (var (field, leaf) in schema.DataFields.Zip(_leaves)) leaf.Write(group, field, kept).GetAwaiter().GetResult();
        group.CompleteValidate();
    }

    public void Dispose()
    {
        foreach (var leaf in _leaves) leaf.Dispose();
    }
}
