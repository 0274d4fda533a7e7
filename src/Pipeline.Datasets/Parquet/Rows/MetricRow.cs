using System.Globalization;

namespace Pipeline.Datasets.Parquet.Rows;

/// <summary>The metrics of one step: a line of <c>metrics.jsonl</c> as a row, one column a metric under its name.</summary>
/// <remarks>All rows of a file have the same metrics; one that a step did not log is null there.</remarks>
public sealed record MetricRow : IDatasetRow<MetricRow>
{
    /// <summary>The optimizer step.</summary>
    public required long Step { get; init; }

    /// <summary>When it was logged; ISO 8601 in the column, null if the line did not say.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>The values by name.</summary>
    public IReadOnlyDictionary<string, double?> Values { get; init; } = new Dictionary<string, double?>();

    /// <summary>The time as it stands in the column.</summary>
    public string? TimeText => Time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    static void IDatasetRow<MetricRow>.Write(ColumnWriter columns, IReadOnlyList<MetricRow> rows)
    {
        columns.Integer("step", rows.Select(row => row.Step));
        columns.OptionalText("time", rows.Select(row => row.TimeText));
        foreach (var name in rows[0].Values.Keys) columns.OptionalNumber(name, rows.Select(row => row.Values[name]));
    }

    static MetricRow[] IDatasetRow<MetricRow>.Read(ColumnReader columns)
    {
        var steps = columns.Integer("step");
        var times = columns.OptionalText("time");
        var values = columns.Names.Where(columns.IsNumber).ToDictionary(name => name, columns.OptionalNumber);
        return [.. Enumerable.Range(0, columns.Rows).Select(row => new MetricRow
        {
            Step = steps[row],
            Time = times[row] is { } time ? DateTimeOffset.Parse(time, CultureInfo.InvariantCulture) : null,
            Values = values.ToDictionary(column => column.Key, column => column.Value[row]),
        })];
    }
}
