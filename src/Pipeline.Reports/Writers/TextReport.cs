using System.Text;
using Pipeline.Reports.Tables;

namespace Pipeline.Reports.Writers;

/// <summary>The report as aligned text for a terminal.</summary>
public static class TextReport
{
    /// <summary>The report; it ends with a line break.</summary>
    public static string Write(Report report)
    {
        var text = new StringBuilder();
        text.Append(report.Pipeline).Append(report.Description is null ? "" : $": {report.Description}").Append('\n');
        text.Append(Heading.Of(report)).Append('\n');
        foreach (var table in ReportTables.Of(report))
        {
            text.Append('\n').Append(table.Title).Append('\n');
            Append(text, table);
        }
        if (report.Models.Count == 0) text.Append("\nNo model has been evaluated.\n");
        if (report.Notes.Count > 0) text.Append('\n');
        foreach (var note in report.Notes) text.Append(note).Append('\n');
        return text.ToString();
    }

    private static void Append(StringBuilder text, Table table)
    {
        var widths = table.Columns
            .Select((column, i) => table.Rows.Select(row => row[i].Length).Append(column.Name.Length).Max())
            .ToArray();
        Line([.. table.Columns.Select(column => column.Name)]);
        foreach (var row in table.Rows) Line(row);

        void Line(IReadOnlyList<string> cells)
        {
            var padded = cells.Select((cell, i) => table.Columns[i].IsNumber ? cell.PadLeft(widths[i]) : cell.PadRight(widths[i]));
            text.Append("  ").Append(string.Join("  ", padded).TrimEnd()).Append('\n');
        }
    }
}
