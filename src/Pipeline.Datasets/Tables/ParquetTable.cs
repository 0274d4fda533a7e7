using Parquet;
using Parquet.Schema;
using Pipeline.Datasets.Parquet;

namespace Pipeline.Datasets.Tables;

/// <summary>A .parquet file, or a folder of such of one schema, with columns of any type: one row group in memory at a time.</summary>
/// <param name="path">The file or folder.</param>
internal sealed class ParquetTable(string path) : Table(path)
{
    private static readonly ParquetOptions s_options = new() { CompressionMethod = CompressionMethod.Snappy };

    private double _share;

    public override string Extension => ".parquet";

    private protected override double Share => _share;

    private protected override IEnumerable<TableRow> Read() => Groups().SelectMany(group => group.Rows());

    private protected override long[] Copy(WholeFiles files, Func<TableRow, int?> target)
    {
        var writers = new ParquetWriter?[files.Streams.Count];
        var counts = new long[writers.Length];
        ParquetSchema? schema = null;
        var read = 0L;
        try
        {
            foreach (var group in Groups())
            {
                schema ??= group.Schema;
                if (!schema.Equals(group.Schema)) throw new DatasetException(DatasetErrors.ColumnType,
                    $"{group.File} has other columns than the files before it: {schema.GetNotEqualsMessage(group.Schema, "there", "here")}. Convert them one by one.");
                var to = group.Rows().Select(row =>
                {
                    if (++read % 256 == 0) Progress?.Invoke(read, _share);
                    return target(row);
                }).ToArray();
                for (var file = 0; file < writers.Length; file++)
                {
                    var kept = to.Select(chosen => chosen == file).ToArray();
                    var rows = kept.Count(keep => keep);
                    if (rows == 0) continue;
                    var stream = files.Streams[file];
                    var writer = writers[file] ??= Dataset.Await(Path, () => ParquetWriter.CreateAsync(schema, stream, s_options));
                    group.Write(writer, schema, kept);
                    counts[file] += rows;
                }
            }
        }
        finally
        {
            foreach (var writer in writers) writer?.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
        return counts;
    }

    private IEnumerable<RowGroup> Groups()
    {
        var files = DatasetFiles.ToRead(Path);
        for (var number = 0; number < files.Length; number++)
        {
            var file = files[number];
            using var stream = File.OpenRead(file);
            var reader = Dataset.Await(file, () => ParquetReader.CreateAsync(stream, leaveStreamOpen: true));
            try
            {
                var first = 1L;
                for (var index = 0; index < reader.RowGroupCount; index++)
                {
                    using var raw = Dataset.Await(file, () => Task.FromResult(reader.OpenRowGroupReader(index)));
                    using var group = new RowGroup(file, reader.Schema, raw, first);
                    yield return group;
                    first += raw.RowCount;
                    _share = (number + (index + 1.0) / reader.RowGroupCount) / files.Length;
                }
            }
            finally { reader.DisposeAsync().AsTask().GetAwaiter().GetResult(); }
        }
    }
}
