namespace Pipeline.Datasets.Tables;

/// <summary>
/// A dataset as people have it: JSON lines, a JSON array, CSV or Parquet, with whatever columns. It is read from its beginning to
/// its end, a row (of Parquet, a row group) in memory at a time.
/// </summary>
public abstract class Table
{
    private const int RowsPerReport = 256;

    /// <param name="path">The file or folder.</param>
    private protected Table(string path) => Path = path;

    /// <summary>The file or folder.</summary>
    public string Path { get; }

    /// <summary>How the file's name ends, such as <c>.jsonl</c>; copies are written in the same format.</summary>
    public abstract string Extension { get; }

    /// <summary>Told now and then how many rows were read, and which share of the file that is.</summary>
    public Action<long, double>? Progress { get; set; }

    /// <summary>Opens a dataset by its name: .jsonl, .ndjson, .json, .csv, .tsv, .parquet, or a folder of .parquet files.</summary>
    /// <exception cref="DatasetException">There is none, or its name says no format.</exception>
    public static Table Open(string path)
    {
        if (Directory.Exists(path)) return new ParquetTable(path);
        if (!File.Exists(path)) throw new DatasetException(DatasetErrors.NotFound, $"There is no dataset at {path}. Give a file, or a folder of .parquet files.");
        return System.IO.Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".jsonl" or ".ndjson" => new JsonLinesTable(path),
            ".json" => JsonArrayTable.IsArray(path) ? new JsonArrayTable(path) : new JsonLinesTable(path),
            ".csv" => new CsvTable(path, ","),
            ".tsv" => new CsvTable(path, "\t"),
            ".parquet" => new ParquetTable(path),
            var other => throw new DatasetException(DatasetErrors.Format,
                $"{path} ends in '{other}'. Datasets are read as .jsonl, .json, .csv, .tsv or .parquet; rename or unpack the file."),
        };
    }

    /// <summary>The rows in order. One that cannot be read is there with its problem.</summary>
    /// <exception cref="DatasetException">The file as a whole cannot be read.</exception>
    public IEnumerable<TableRow> Rows()
    {
        var count = 0L;
        foreach (var row in Read())
        {
            if (++count % RowsPerReport == 0) Progress?.Invoke(count, Share);
            yield return row;
        }
    }

    /// <summary>
    /// Copies rows as they are, with every column, to other files of the same format: whole files or none.
    /// </summary>
    /// <param name="targets">The files.</param>
    /// <param name="target">Which of them a row goes to; null for none.</param>
    /// <returns>Rows written to each.</returns>
    /// <exception cref="DatasetException">The file cannot be read, or one of the targets would be empty.</exception>
    public IReadOnlyList<long> Distribute(IReadOnlyList<string> targets, Func<TableRow, int?> target)
    {
        using var files = new WholeFiles(targets);
        var counts = Copy(files, target);
        for (var file = 0; file < counts.Length; file++)
            if (counts[file] == 0) throw new DatasetException(DatasetErrors.Empty, $"There is no row to write to {targets[file]}; no file was written.");
        files.Publish();
        return counts;
    }

    /// <summary>Which share of the file was read, from 0 to 1.</summary>
    private protected abstract double Share { get; }

    private protected abstract IEnumerable<TableRow> Read();

    private protected abstract long[] Copy(WholeFiles files, Func<TableRow, int?> target);
}
