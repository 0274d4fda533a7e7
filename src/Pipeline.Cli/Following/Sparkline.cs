namespace Pipeline.Cli.Following;

/// <summary>A curve a line high: <c>▁▂▂▄▅▇█</c>, from the lowest of its values to the highest.</summary>
internal static class Sparkline
{
    private const string Heights = "▁▂▃▄▅▆▇█";

    /// <summary>The last <paramref name="width"/> values; what is not finite leaves a gap, a flat curve stands in the middle.</summary>
    public static string Of(IReadOnlyList<double> values, int width)
    {
        var shown = values.TakeLast(width).ToList();
        var finite = shown.Where(double.IsFinite).ToList();
        if (finite.Count == 0) return "";
        var (low, high) = (finite.Min(), finite.Max());
        return string.Concat(shown.Select(value => !double.IsFinite(value) ? ' ' : Heights[Height(value)]));

        int Height(double value) => high > low ? (int)Math.Round((value - low) / (high - low) * (Heights.Length - 1)) : Heights.Length / 2;
    }
}
