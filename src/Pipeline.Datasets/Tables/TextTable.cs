using System.Text;

namespace Pipeline.Datasets.Tables;

/// <summary>A table in a text file, whose rows are copied as they stand there.</summary>
/// <param name="path">The file.</param>
public abstract class TextTable(string path) : Table(path)
{
    private const int BufferSize = 1 << 16;

    private FileStream? _file;

    /// <inheritdoc/>
    public override string Extension => System.IO.Path.GetExtension(Path);

    private protected override double Share => _file is { Length: > 0 } file ? (double)file.Position / file.Length : 1;

    /// <summary>What stands before the first row, between two rows, and after the last.</summary>
    private protected virtual (string Before, string Between, string After) Frame => ("", "\n", "\n");

    private protected abstract IEnumerable<TableRow> Read(FileStream file);

    private protected override IEnumerable<TableRow> Read()
    {
        using var file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferSize, FileOptions.SequentialScan);
        _file = file;
        try
        {
            foreach (var row in Read(file)) yield return row;
        }
        finally { _file = null; }
    }

    private protected override long[] Copy(WholeFiles files, Func<TableRow, int?> target)
    {
        var writers = files.Streams.Select(stream => new StreamWriter(stream, new UTF8Encoding(false), BufferSize, leaveOpen: true) { NewLine = "\n" }).ToArray();
        var counts = new long[writers.Length];
        foreach (var row in Rows())
        {
            if (target(row) is not { } to) continue;
            writers[to].Write(counts[to]++ == 0 ? Frame.Before : Frame.Between);
            writers[to].Write(row.Verbatim);
        }
        foreach (var writer in writers)
        {
            writer.Write(Frame.After);
            writer.Dispose();
        }
        return counts;
    }
}
