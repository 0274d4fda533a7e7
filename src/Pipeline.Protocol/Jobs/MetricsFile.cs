namespace Pipeline.Protocol.Jobs;

/// <summary>Reads a <c>metrics.jsonl</c>, which a stage may be writing.</summary>
public static class MetricsFile
{
    /// <summary>Its lines, in the order in which they were written; none if there is no such file. One that cannot be read is passed over.</summary>
    public static IEnumerable<MetricsLine> Lines(string path) =>
        File.Exists(path) ? File.ReadLines(path).Select(MetricsLine.Parse).OfType<MetricsLine>() : [];

    /// <summary>The values of one metric by step, where it was logged.</summary>
    public static IReadOnlyDictionary<long, double> Values(string path, string metric)
    {
        var values = new Dictionary<long, double>();
        foreach (var line in Lines(path))
            if (line.Values.TryGetValue(metric, out var value)) values[line.Step] = value;
        return values;
    }
}
