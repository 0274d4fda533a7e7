using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsvHelper;
using CsvHelper.Configuration;

namespace Pipeline.Datasets.Tables;

/// <summary>
/// Comma-separated values as in RFC 4180: a header, quotes around what holds separators, quotes or line ends, a quote doubled within
/// them. An empty cell is null. A cell that is a JSON array or object is read as such: lists have no other form in CSV.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="separator">Between cells.</param>
internal sealed class CsvTable(string path, string separator) : TextTable(path)
{
    private string _header = "";

    private protected override (string Before, string Between, string After) Frame => (_header + "\n", "\n", "\n");

    private protected override IEnumerable<TableRow> Read(FileStream file)
    {
        using var reader = new StreamReader(file, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, bufferSize: 1 << 16, leaveOpen: true);
        var badQuote = false;
        using var records = new CsvParser(reader, new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = separator, IgnoreBlankLines = false, BadDataFound = _ => badQuote = true,
        });
        if (!records.Read()) yield break;
        var columns = records.Record!;
        _header = records.RawRecord.TrimEnd('\r', '\n');
        var repeated = columns.GroupBy(column => column).FirstOrDefault(group => group.Count() > 1);
        if (repeated is not null) throw new DatasetException(DatasetErrors.Unreadable,
            $"The header of {Path} names the column '{repeated.Key}' twice. Give every column a name of its own.");
        for (var number = 1L; records.Read(); number++)
        {
            var cells = records.Record!;
            var problem = badQuote ? "has a quote out of place, or one that nothing closes before the file ends"
                : cells.Length != columns.Length ? $"has {cells.Length} cells, but the header has {columns.Length} columns"
                : null;
            badQuote = false;
            if (cells is [""]) continue; // a blank line
            yield return new TableRow(Path, number, problem is null ? Fields(columns, cells) : null, problem) { Verbatim = records.RawRecord.TrimEnd('\r', '\n') };
        }
    }

    private static JsonObject Fields(string[] columns, string[] cells)
    {
        var fields = new JsonObject();
        for (var cell = 0; cell < columns.Length; cell++) fields[columns[cell]] = Value(cells[cell]);
        return fields;
    }

    private static JsonNode? Value(string cell)
    {
        if (cell.Length == 0) return null;
        if (cell is ['[', .., ']'] or ['{', .., '}'])
        {
            try { return JsonNode.Parse(cell); }
            catch (JsonException) { } // text that only looks like it
        }
        return cell;
    }
}
