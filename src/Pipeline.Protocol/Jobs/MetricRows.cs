using System.Text.Json;

namespace Pipeline.Protocol.Jobs;

/// <summary>Reads one metric of a <c>metrics.jsonl</c>, which a stage may be writing.</summary>
public static class MetricRows
{
    /// <summary>Its value by step, where it was logged; none if there is no such file. A torn line is passed over.</summary>
    public static IReadOnlyDictionary<long, double> Read(string path, string metric)
    {
        var rows = new Dictionary<long, double>();
        if (!File.Exists(path)) return rows;
        foreach (var line in File.ReadLines(path))
        {
            try
            {
                using var row = JsonDocument.Parse(line);
                if (row.RootElement.TryGetProperty("step", out var step) && row.RootElement.TryGetProperty(metric, out var value)
                    && value.ValueKind == JsonValueKind.Number) rows[step.GetInt64()] = value.GetDouble();
            }
            catch (Exception torn) when (torn is JsonException or InvalidOperationException or FormatException) { }
        }
        return rows;
    }
}
