using System.Text;
using Pipeline.Reports.Tables;

namespace Pipeline.Reports.Writers;

/// <summary>The report as Markdown, for issues and READMEs.</summary>
public static class MarkdownReport
{
    /// <summary>The report; it ends with a line break.</summary>
    public static string Write(Report report)
    {
        var text = new StringBuilder($"# {Escape(report.Pipeline)}\n\n");
        if (report.Description is not null) text.Append(Escape(report.Description)).Append("\n\n");
        text.Append(Escape(Heading.Of(report))).Append('\n');
        if (Heading.Given(report) is { Length: > 0 } given) text.Append($"\nGiven: {Escape(given)}\n");
        foreach (var table in ReportTables.Of(report))
        {
            text.Append($"\n## {table.Title}\n\n");
            Row(table.Columns.Select(column => column.Name));
            text.Append('|').Append(string.Concat(table.Columns.Select(column => column.IsNumber ? "---:|" : "---|"))).Append('\n');
            foreach (var row in table.Rows) Row(row);
            if (table.Legend.Length > 0) text.Append($"\n{Escape(table.Legend)}\n");
        }
        foreach (var note in report.Notes) text.Append($"\n{Escape(note)}\n");
        return text.ToString();

        void Row(IEnumerable<string> cells) => text.Append("| ").Append(string.Join(" | ", cells.Select(Escape))).Append(" |\n");
    }

    /// <summary>The text with everything that Markdown or the HTML in it would take for markup made plain.</summary>
    private static string Escape(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (c is '<') plain.Append("&lt;");
            else if (c is '&') plain.Append("&amp;");
            else if (c is '|' or '\\' or '`' or '*' or '[' or ']') plain.Append('\\').Append(c);
            else plain.Append(c);
        }
        return plain.ToString();
    }
}
