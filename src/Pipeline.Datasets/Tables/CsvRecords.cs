using System.Text;

namespace Pipeline.Datasets.Tables;

/// <summary>Cuts the text of a CSV file into records and cells.</summary>
/// <param name="reader">Where the text comes from.</param>
/// <param name="separator">Between cells.</param>
internal sealed class CsvRecords(TextReader reader, char separator)
{
    private readonly List<string?> _cells = [];
    private readonly StringBuilder _cell = new();
    private readonly StringBuilder _text = new();

    /// <summary>The cells of the record; null for an empty one without quotes.</summary>
    public IReadOnlyList<string?> Cells => _cells;

    /// <summary>The record as it stands in the file, without its line end.</summary>
    public string Text => _text.ToString();

    /// <summary>Whether the file ended within quotes.</summary>
    public bool Unclosed { get; private set; }

    /// <summary>Goes to the next record; false at the end of the file.</summary>
    public bool Read()
    {
        _cells.Clear();
        _text.Clear();
        if (reader.Peek() < 0) return false;
        while (true)
        {
            var (cell, last) = Cell();
            _cells.Add(cell);
            if (last) return true;
        }
    }

    private (string? Cell, bool Last) Cell()
    {
        _cell.Clear();
        var (quoted, within) = (false, false);
        while (true)
        {
            var next = reader.Read();
            if (next < 0)
            {
                Unclosed = within;
                return (Value(quoted), true);
            }
            var c = (char)next;
            if (!within && (c == '\n' || (c == '\r' && reader.Peek() is '\n' or < 0)))
            {
                if (c == '\r') reader.Read();
                return (Value(quoted), true);
            }
            _text.Append(c);
            if (within)
            {
                if (c != '"') _cell.Append(c);
                else if (reader.Peek() == '"') _cell.Append((char)Taken());
                else within = false;
            }
            else if (c == separator) return (Value(quoted), false);
            else if (c == '"' && _cell.Length == 0 && !quoted) (quoted, within) = (true, true);
            else _cell.Append(c);
        }
    }

    private int Taken()
    {
        var next = reader.Read();
        _text.Append((char)next);
        return next;
    }

    private string? Value(bool quoted) => _cell.Length == 0 && !quoted ? null : _cell.ToString();
}
