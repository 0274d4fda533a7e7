using OxyPlot;

namespace Pipeline.Reports.Charts;

/// <summary>
/// Colours of a chart. OxyPlot knows fixed colours only, so each stands for a variable of the page's style sheet, which
/// has a value for light and one for dark.
/// </summary>
internal static class Ink
{
    private static readonly string[] Variables =
        ["--text", "--muted", "--line", "--chart-1", "--chart-2", "--chart-3", "--chart-4", "--chart-5"];

    /// <summary>Text.</summary>
    public static OxyColor Text { get; } = Stand(0);

    /// <summary>Labels of axes.</summary>
    public static OxyColor Muted { get; } = Stand(1);

    /// <summary>Grid lines.</summary>
    public static OxyColor Line { get; } = Stand(2);

    /// <summary>The colour of a series; after five they begin anew.</summary>
    public static OxyColor Series(int index) => Stand(3 + index % 5);

    /// <summary>What less of is better.</summary>
    public static OxyColor Bad { get; } = Stand(7);

    /// <summary>The drawing with the variables in place of what stood for them.</summary>
    public static string Resolve(string svg)
    {
        for (var i = 0; i < Variables.Length; i++)
        {
            var color = Stand(i);
            svg = svg.Replace($"rgb({color.R},{color.G},{color.B})", $"var({Variables[i]})", StringComparison.Ordinal);
        }
        return svg;
    }

    private static OxyColor Stand(int i) => OxyColor.FromRgb(1, 2, (byte)(3 + i));
}
