using Parquet;
using Parquet.Schema;
using Pipeline.Protocol;

namespace Pipeline.Datasets.Parquet;

/// <summary>Reads and writes datasets: a folder of .parquet files, or one file, of rows of one type.</summary>
public static class Dataset
{
    /// <summary>Enough rows for good compression, few enough that one group of long traces fits in memory.</summary>
    private const int RowsPerGroup = 8192;

    // Snappy is what pyarrow writes; the file must not depend on a compression level somebody may tune.
    private static readonly ParquetOptions s_options = new() { CompressionMethod = CompressionMethod.Snappy };

    /// <summary>All rows. For data that does not fit in memory see <see cref="Stream{TRow}"/>.</summary>
    /// <param name="path">A .parquet file, or a folder that holds some (read in the order of their names).</param>
    /// <exception cref="DatasetException">The dataset is missing, unreadable, empty, or of another schema.</exception>
    public static IReadOnlyList<TRow> Read<TRow>(string path) where TRow : IDatasetRow<TRow> => [.. Stream<TRow>(path)];

    /// <summary>The rows in order, one row group in memory at a time.</summary>
    /// <inheritdoc cref="Read{TRow}"/>
    public static IEnumerable<TRow> Stream<TRow>(string path) where TRow : IDatasetRow<TRow>
    {
        var any = false;
        foreach (var file in DatasetFiles.ToRead(path))
        {
            using var stream = File.OpenRead(file);
            var reader = Open(file, stream);
            try
            {
                for (var group = 0; group < reader.RowGroupCount; group++)
                {
                    using var columns = Await(file, () => Task.FromResult(reader.OpenRowGroupReader(group)));
                    foreach (var row in TRow.Read(new ColumnReader(file, reader.Schema, columns)))
                    {
                        any = true;
                        yield return row;
                    }
                }
            }
            finally { Dispose(reader); }
        }
        if (!any) throw new DatasetException(DatasetErrors.Empty,
            $"The dataset {path} has no rows. Look at the stage that made it: its filter may have kept nothing.");
    }

    /// <summary>The number of rows, from the files' footers alone.</summary>
    /// <exception cref="DatasetException">The dataset is missing or unreadable.</exception>
    public static long Count(string path) => DatasetFiles.ToRead(path).Sum(file =>
    {
        using var stream = File.OpenRead(file);
        var reader = Open(file, stream);
        try { return reader.Metadata!.NumRows; }
        finally { Dispose(reader); }
    });

    /// <summary>
    /// Writes the rows as one file, which is there whole or not at all. Equal rows make equal bytes, on any day.
    /// </summary>
    /// <param name="path">The file if it ends in .parquet, else a folder, in which the file will be train.parquet.</param>
    /// <param name="rows">Enumerated once, one row group in memory at a time.</param>
    /// <returns>How many rows were written.</returns>
    /// <exception cref="DatasetException">There is no row, or the rows do not make a table.</exception>
    /// <exception cref="IOException">The disk is full; nothing is left behind.</exception>
    public static long Write<TRow>(string path, IEnumerable<TRow> rows) where TRow : IDatasetRow<TRow>
    {
        var file = Path.GetFullPath(DatasetFiles.ToWrite(path));
        var folder = Path.GetDirectoryName(file)!;
        Directory.CreateDirectory(folder);
        var partial = $"{file}.{Environment.ProcessId}-{Guid.NewGuid():N}.tmp";
        try
        {
            long written;
            using (var stream = new FileStream(partial, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None))
            {
                // Stages are plain programs without a synchronization context: waiting here cannot deadlock.
                written = WriteGroups(stream, rows).GetAwaiter().GetResult();
                stream.Flush(flushToDisk: true);
            }
            if (written == 0) throw new DatasetException(DatasetErrors.Empty,
                $"There is no row to write to {file}. Loosen the filter, or sample more.");
            File.Move(partial, file, overwrite: true);
            WholeFile.FlushFolder(folder);
            return written;
        }
        finally { File.Delete(partial); }
    }

    private static async Task<long> WriteGroups<TRow>(Stream stream, IEnumerable<TRow> rows) where TRow : IDatasetRow<TRow>
    {
        ParquetWriter? file = null;
        ParquetSchema? schema = null;
        var written = 0L;
        try
        {
            foreach (var group in rows.Chunk(RowsPerGroup))
            {
                var columns = new ColumnWriter();
                TRow.Write(columns, group);
                schema ??= columns.Schema;
                file ??= await ParquetWriter.CreateAsync(schema, stream, s_options).ConfigureAwait(false);
                await columns.WriteAsync(file, schema).ConfigureAwait(false);
                written += group.Length;
            }
        }
        finally
        {
            if (file is not null) await file.DisposeAsync().ConfigureAwait(false); // writes the footer
        }
        return written;
    }

    private static ParquetReader Open(string file, Stream stream) =>
        Await(file, () => ParquetReader.CreateAsync(stream, leaveStreamOpen: true));

    private static void Dispose(ParquetReader reader) => reader.DisposeAsync().AsTask().GetAwaiter().GetResult();

    /// <summary>Runs the library's code on <paramref name="file"/> and tells its many ways to fail as one.</summary>
    internal static T Await<T>(string file, Func<Task<T>> read)
    {
        try { return read().GetAwaiter().GetResult(); }
        catch (Exception error) when (error is not OutOfMemoryException and not UnauthorizedAccessException)
        {
            throw new DatasetException(DatasetErrors.Unreadable,
                $"{file} cannot be read as Parquet ({error.Message}). It may be another format, or torn: "
                + "compare its size and digest with where it came from.", error);
        }
    }
}
