using System.ComponentModel;
using System.Globalization;
using System.Text;
using Pipeline.Datasets.Parquet;
using Pipeline.Datasets.Parquet.Rows;
using Pipeline.Server.Http;

namespace Pipeline.Server.Metrics;

/// <summary>The curves of a stage over HTTP.</summary>
internal static class MetricEndpoints
{
    private const int UsualPoints = 1000;
    private const int MostPoints = 20_000;
    private const string NamesMean = "Names, separated by commas; all if left out.";

    public static void MapMetrics(this IEndpointRouteBuilder api)
    {
        api.MapGet("/runs/{run}/stages/{instance}/metrics", Metrics)
            .WithSummary("Curves of a stage, thinned to the lowest and highest value a pixel; superseded rows are left out.");
        api.MapGet("/runs/{run}/stages/{instance}/metrics.csv", Csv).WithSummary("All values of a stage's metrics as CSV, a row a step.");
        api.MapGet("/runs/{run}/stages/{instance}/metrics.parquet", Parquet).WithSummary("The same as Parquet.");
    }

    private static Task<MetricsView> Metrics(
        MetricCatalog catalog,
        string run,
        string instance,
        [Description(NamesMean)] string? names = null,
        [Description("First step.")] long from = long.MinValue,
        [Description("Last step.")] long to = long.MaxValue,
        [Description("About how many points a curve.")] int points = UsualPoints,
        [Description("Share of a smoothed curve that comes from its past, from 0 (none is made) to below 1.")] double smoothing = 0)
    {
        if (points is < 2 or > MostPoints)
            throw new ServerException(ServerErrors.QueryInvalid, $"points is {points}; it must be from 2 to {MostPoints}.");
        if (smoothing is not (>= 0 and < 1))
            throw new ServerException(ServerErrors.QueryInvalid, $"smoothing is {smoothing}; it must be from 0 to below 1.");
        return catalog.Read(run, instance, new MetricsQuery(Chosen(names), from, to, points, smoothing));
    }

    private static async Task<IResult> Csv(MetricCatalog catalog, string run, string instance, [Description(NamesMean)] string? names = null)
    {
        var rows = await RowsOf(catalog, run, instance, names);
        var text = new StringBuilder("step,time");
        foreach (var name in rows[0].Values.Keys) text.Append(',').Append(Quoted(name));
        foreach (var row in rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"\r\n{row.Step},{row.TimeText}");
            foreach (var value in row.Values.Values) text.Append(CultureInfo.InvariantCulture, $",{value}");
        }
        return Results.File(Encoding.UTF8.GetBytes(text.Append("\r\n").ToString()), "text/csv; charset=utf-8", FileName(run, instance, "csv"));
    }

    private static async Task<IResult> Parquet(MetricCatalog catalog, string run, string instance, [Description(NamesMean)] string? names = null)
    {
        var rows = await RowsOf(catalog, run, instance, names);
        var file = Path.Combine(Path.GetTempPath(), $"pipeline-metrics-{Guid.NewGuid():N}.parquet");
        Dataset.Write(file, rows);
        return Results.File(
            new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 4096, FileOptions.DeleteOnClose),
            "application/vnd.apache.parquet", FileName(run, instance, "parquet"));
    }

    private static async Task<IReadOnlyList<MetricRow>> RowsOf(MetricCatalog catalog, string run, string instance, string? names) =>
        await catalog.Rows(run, instance, Chosen(names)) is { Count: > 0 } rows
            ? rows
            : throw ApiProblems.NotFound($"Stage {instance} of run {run} has logged none of these metrics.");

    private static HashSet<string>? Chosen(string? names) =>
        names?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToHashSet();

    // RFC 4180; a spreadsheet would take a name that begins with one of =+-@ for a formula.
    private static string Quoted(string name) =>
        $"\"{(name.Length > 0 && "=+-@".Contains(name[0]) ? "'" : "")}{name.Replace("\"", "\"\"")}\"";

    private static string FileName(string run, string instance, string extension) => $"{run}-{instance}-metrics.{extension}";
}
