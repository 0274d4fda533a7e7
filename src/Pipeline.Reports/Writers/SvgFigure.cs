using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Pipeline.Reports.Charts;
using Pipeline.Reports.Reading;

namespace Pipeline.Reports.Writers;

/// <summary>
/// The figure of a run as a picture of its own, for papers, READMEs and talks. Its colours are plain, so that every program that
/// draws SVG knows them; those that know style sheets too, as browsers do, draw it dark where the reader's screen is.
/// </summary>
public static partial class SvgFigure
{
    private const int Margin = 24;
    private const int Gap = 32; // between panels, both ways
    private const int PanelHead = 44; // its title and caption
    private const int Head = 60; // the title of the whole, and which run it is
    private const int Width = 2 * Margin + 2 * Plot.Width + Gap;
    private const int MostLetters = 105; // of the title

    /// <summary>The picture, an SVG document that needs nothing else.</summary>
    public static string Write(Report report)
    {
        var body = new StringBuilder();
        var top = Margin + Head;
        foreach (var row in ReportCharts.Figure(report).Chunk(2))
        {
            foreach (var (column, panel) in row.Index()) body.Append(Panel(panel, Margin + column * (Plot.Width + Gap), top));
            top += PanelHead + row.Max(panel => panel.Height) + Gap;
        }
        if (body.Length == 0)
        {
            body.Append(Line(Margin, top, 14, "text", "No model has been evaluated."));
            top += Gap;
        }
        var height = top - Gap + Margin;
        var title = report.Description is { } description ? $"{report.Pipeline}: {description}" : report.Pipeline;
        var picture = $"""
            <svg xmlns="{Plot.Namespace}" width="{Width}" height="{height}" viewBox="0 0 {Width} {height}" font-family="ui-sans-serif, system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif">
            <rect width="{Width}" height="{height}" rx="8" fill="var(--surface)" />
            {Line(Margin, Margin + 14, 18, "text", Tables.Text.Short(title, MostLetters), weight: 650)}{Line(Margin, Margin + 36, 12, "muted", Which(report))}{body}</svg>

            """;
        return Coloured(picture);
    }

    // Not how long it took: that is the machine's, and a figure outlives it.
    private static string Which(Report report) =>
        Tables.Text.Short(string.Join(", ", new[] { $"Run {report.Run}", Tables.Text.Word(report.State), Heading.Given(report) }.Where(part => part.Length > 0)), MostLetters);

    private static string Panel(Chart panel, int left, int top)
    {
        var place = string.Create(CultureInfo.InvariantCulture, $"""<svg x="{left}" y="{top + PanelHead}" width="{Plot.Width}" height="{panel.Height}" """);
        return Line(left, top + 12, 15, "text", panel.Title, weight: 650) + Line(left, top + 31, 12, "muted", panel.Caption) + panel.Svg.Replace("<svg ", place, StringComparison.Ordinal) + "\n";
    }

    private static string Line(int left, int baseline, int size, string color, string text, int weight = 400) => string.Create(
        CultureInfo.InvariantCulture,
        $"""<text x="{left}" y="{baseline}" font-size="{size}" font-weight="{weight}" fill="var(--{color})">{WebUtility.HtmlEncode(Printable.Of(text))}</text>{'\n'}""");

    /// <summary>The picture with the light values of the page's variables, and a style sheet that puts the dark ones in their place.</summary>
    private static string Coloured(string picture)
    {
        var colours = Declaration().Matches(HtmlReport.Style()).ToLookup(match => match.Groups[1].Value, match => match.Groups[2].Value); // light, then dark
        var used = colours.Where(colour => picture.Contains($"var({colour.Key})", StringComparison.Ordinal)).ToList();
        foreach (var colour in used) picture = picture.Replace($"var({colour.Key})", colour.First(), StringComparison.Ordinal);
        var rules = from colour in used
                    from property in new[] { "fill", "stroke" }
                    select $"[{property}=\"{colour.First()}\"], [style*=\"{property}:{colour.First()}\"] {{ {property}: {colour.Last()} !important; }}\n";
        return picture.Insert(picture.IndexOf('\n', StringComparison.Ordinal) + 1, $"<style>@media (prefers-color-scheme: dark) {{\n{string.Concat(rules)}}}</style>\n");
    }

    [GeneratedRegex("(--[a-z0-9-]+): (#[0-9a-f]{6})")]
    private static partial Regex Declaration();
}
