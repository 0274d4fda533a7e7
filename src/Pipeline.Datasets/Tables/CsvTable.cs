using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pipeline.Datasets.Tables;

/// <summary>
/// Comma-separated values as in RFC 4180: a header, quotes around what holds separators, quotes or line ends, a quote doubled within
/// them. An empty cell without quotes is null. A cell that is a JSON array or object is read as such: lists have no other form in CSV.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="separator">Between cells.</param>
internal sealed class CsvTable(string path, char separator) : TextTable(path)
{
    private string _header = "";

    private protected override (string Before, string Between, string After) Frame => (_header + "\n", "\n", "\n");

    private protected override IEnumerable<TableRow> Read(FileStream file)
    {
        using var reader = new StreamReader(file, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, bufferSize: 1 << 16, leaveOpen: true);
        var records = new CsvRecords(reader, separator);
        if (!records.Read()) yield break;
        string[] columns = [.. records.Cells.Select(cell => cell ?? "")];
        _header = records.Text;
        var repeated = columns.GroupBy(column => column).FirstOrDefault(group => group.Count() > 1);
        if (repeated is not null) throw new DatasetException(DatasetErrors.Unreadable,
            $"The header of {Path} names the column '{repeated.Key}' twice. Give every column a name of its own.");
        for (var number = 1L; records.Read(); number++)
        {
            if (records.Cells is [null]) continue; // a blank line
            yield return records.Unclosed
                ? new TableRow(Path, number, null, "has a quote that nothing closes before the file ends") { Verbatim = records.Text }
                : records.Cells.Count != columns.Length
                ? new TableRow(Path, number, null, $"has {records.Cells.Count} cells, but the header has {columns.Length} columns") { Verbatim = records.Text }
                : new TableRow(Path, number, Fields(columns, records.Cells)) { Verbatim = records.Text };
        }
    }

    private static JsonObject Fields(string[] columns, IReadOnlyList<string?> cells)
    {
        var fields = new JsonObject();
        for (var cell = 0; cell < columns.Length; cell++) fields[columns[cell]] = Value(cells[cell]);
        return fields;
    }

    private static JsonNode? Value(string? cell)
    {
        if (cell is null) return null;
        if (cell is ['[', .., ']'] or ['{', .., '}'])
        {
            try { return JsonNode.Parse(cell); }
            catch (JsonException) { } // text that only looks like it
        }
        return cell;
    }
}
