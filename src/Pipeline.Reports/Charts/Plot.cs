using System.Text.RegularExpressions;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;

namespace Pipeline.Reports.Charts;

/// <summary>The look that all charts share, and their way to SVG.</summary>
internal static partial class Plot
{
    /// <summary>Of every chart: between the width of a telephone and that of half a page, so that letters are readable on both.</summary>
    public const int Width = 440;

    /// <summary>Of SVG.</summary>
    public const string Namespace = "http://www.w3.org/2000/svg";

    /// <summary>An empty plot.</summary>
    public static PlotModel Empty() => new()
    {
        PlotAreaBorderThickness = new OxyThickness(0),
        PlotAreaBorderColor = OxyColors.Transparent,
        TextColor = Ink.Muted,
        DefaultFontSize = 12,
        Padding = new OxyThickness(4, 4, 12, 4),
    };

    /// <summary>An axis of numbers with faint grid lines.</summary>
    public static LinearAxis Numbers(AxisPosition position, string title) => new()
    {
        Position = position,
        Title = title,
        TitleFontSize = 12,
        TitleColor = Ink.Muted,
        TextColor = Ink.Muted,
        AxislineColor = OxyColors.Transparent,
        TickStyle = TickStyle.None,
        MajorGridlineStyle = LineStyle.Solid,
        MajorGridlineColor = Ink.Line,
        MajorGridlineThickness = 1,
        AxisTitleDistance = 6,
        IntervalLength = 50,
        MinimumPadding = 0.04,
        MaximumPadding = 0.04,
    };

    /// <summary>An axis from 0 to 100 percent.</summary>
    public static LinearAxis Percent(string title)
    {
        var axis = Numbers(AxisPosition.Bottom, title);
        (axis.Minimum, axis.Maximum, axis.MajorStep) = (-2, 102, 20); // a dot at 0 or 100 is drawn whole
        return axis;
    }

    /// <summary>An axis of names, from top to bottom.</summary>
    public static CategoryAxis Names(IEnumerable<string> names)
    {
        var axis = new CategoryAxis
        {
            Position = AxisPosition.Left,
            StartPosition = 1,
            EndPosition = 0,
            TickStyle = TickStyle.None,
            TextColor = Ink.Text,
            GapWidth = 0,
        };
        axis.Labels.AddRange(names.Select(name => name.Length <= 18 ? name : $"{name[..17]}…"));
        return axis;
    }

    /// <summary>A legend above the plot.</summary>
    public static Legend Legend() => new()
    {
        LegendPlacement = LegendPlacement.Outside,
        LegendPosition = LegendPosition.TopLeft,
        LegendOrientation = LegendOrientation.Horizontal,
        LegendTextColor = Ink.Text,
        LegendFontSize = 12,
        LegendMargin = 0,
        LegendPadding = 0,
        LegendItemSpacing = 18,
    };

    /// <summary>The plot as a chart.</summary>
    /// <param name="plot">The plot.</param>
    /// <param name="height">Its height for a width of 440.</param>
    /// <param name="id">Unlike any other on the page.</param>
    /// <param name="title">What it shows.</param>
    /// <param name="caption">How to read it.</param>
    /// <param name="told">What it shows, for those who do not see it; without markup.</param>
    public static Chart ToChart(PlotModel plot, int height, string id, string title, string caption, string told)
    {
        var exporter = new SvgExporter { Width = Width, Height = height, IsDocument = false, TextMeasurer = new WideText(Width, height) };
        var svg = exporter.ExportToString(plot);
        svg = svg[svg.IndexOf("<svg", StringComparison.Ordinal)..];
        svg = Root().Replace(svg, $"""<svg viewBox="0 0 {Width} {height}" role="img" aria-label="{told}" xmlns="{Namespace}">""", 1);
        // Every drawing counts its clip paths from one, and a page has many.
        svg = svg.Replace("id=\"clipPath", $"id=\"{id}-clip", StringComparison.Ordinal).Replace("url(#clipPath", $"url(#{id}-clip", StringComparison.Ordinal);
        return new Chart(title, caption, height, Ink.Resolve(FontFamily().Replace(svg, "")));
    }

    /// <summary>
    /// Measures text for the reader's own font, which is not known here: as wide as DejaVu Sans, the widest usual one,
    /// so that every other has room as well.
    /// </summary>
    private sealed class WideText(double width, double height) : PdfRenderContext(width, height, OxyColors.Transparent)
    {
        public override OxySize MeasureText(string text, string fontFamily, double fontSize, double fontWeight) =>
            string.IsNullOrEmpty(text) ? OxySize.Empty : new OxySize(0.6 * fontSize * text.Length, 1.2 * fontSize);
    }

    [GeneratedRegex("<svg[^>]*>")]
    private static partial Regex Root();

    [GeneratedRegex(" font-family=\"[^\"]*\"")]
    private static partial Regex FontFamily();
}
