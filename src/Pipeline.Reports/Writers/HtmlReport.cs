using System.Net;
using System.Text;
using Pipeline.Reports.Charts;
using Pipeline.Reports.Tables;

namespace Pipeline.Reports.Writers;

/// <summary>The report as one HTML page that needs nothing else: no script, no font, no network; light and dark.</summary>
public static class HtmlReport
{
    /// <summary>The page.</summary>
    public static string Write(Report report)
    {
        var page = new StringBuilder();
        page.Append($"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <title>{Plain(report.Pipeline)}: report of {Plain(report.Run)}</title>
            <style>
            {Style()}</style>
            </head>
            <body>
            <main>
            <header>
            <h1>{Plain(report.Pipeline)}</h1>

            """);
        if (report.Description is not null) page.Append($"<p class=\"lead\">{Plain(report.Description)}</p>\n");
        page.Append($"<p>{Plain(Heading.Of(report))}</p>\n");
        if (Heading.Given(report) is { Length: > 0 } given) page.Append($"<p class=\"muted\">{Plain(given)}</p>\n");
        page.Append("</header>\n");
        foreach (var note in report.Notes) page.Append($"<p class=\"note\">{Plain(note)}</p>\n");
        if (report.Models.Count == 0) page.Append("<p class=\"note\">No model has been evaluated.</p>\n");

        Append(page, ReportCharts.Figure(report));
        foreach (var (i, table) in ReportTables.Of(report).Index())
        {
            Append(page, table);
            if (i == 0) Append(page, ReportCharts.Of(report)); // below the models
        }
        return page.Append("</main>\n</body>\n</html>\n").ToString();
    }

    private static void Append(StringBuilder page, Table table)
    {
        var title = Plain(table.Title);
        page.Append($"<section>\n<h2>{title}</h2>\n");
        page.Append($"<div class=\"card scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{title}\">\n<table>\n<thead><tr>");
        foreach (var column in table.Columns) page.Append($"<th scope=\"col\"{Class(column)}>{Plain(column.Name)}</th>");
        page.Append("</tr></thead>\n<tbody>\n");
        foreach (var row in table.Rows)
        {
            page.Append($"<tr><th scope=\"row\">{Plain(row[0])}</th>");
            foreach (var (column, cell) in table.Columns.Zip(row).Skip(1)) page.Append($"<td{Class(column)}>{Plain(cell)}</td>");
            page.Append("</tr>\n");
        }
        page.Append("</tbody>\n</table>\n</div>\n");
        if (table.Legend.Length > 0) page.Append($"<p class=\"muted small\">{Plain(table.Legend)}</p>\n");
        page.Append("</section>\n");
    }

    private static void Append(StringBuilder page, IReadOnlyList<Chart> charts)
    {
        if (charts.Count == 0) return;
        page.Append("<div class=\"charts\">\n");
        foreach (var chart in charts)
        {
            page.Append($"<figure class=\"card\">\n<figcaption><h2>{Plain(chart.Title)}</h2>");
            page.Append($"<p class=\"muted small\">{Plain(chart.Caption)}</p></figcaption>\n{chart.Svg}\n</figure>\n");
        }
        page.Append("</div>\n");
    }

    private static string Class(Column column) => column.IsNumber ? " class=\"number\"" : "";

    // Names come from evaluation files, which programs of any origin write.
    private static string Plain(string text) => WebUtility.HtmlEncode(text);

    /// <summary>The style sheet of the page: its colours, first light, then dark.</summary>
    internal static string Style()
    {
        using var reader = new StreamReader(typeof(HtmlReport).Assembly.GetManifestResourceStream("report.css")!);
        return reader.ReadToEnd();
    }
}
