using System.Globalization;
using System.Text.Json;
using Pipeline.Protocol;
using Pipeline.Protocol.Jobs;

namespace Pipeline.Reports.Reading;

/// <summary>
/// The metrics of a stage over its attempts. Rows of an attempt beyond the step from which the next one went on are
/// superseded; for each step the latest attempt's row counts.
/// </summary>
internal sealed class MetricsLog
{
    private readonly SortedDictionary<long, IReadOnlyDictionary<string, double>> _rows = [];
    private readonly Dictionary<long, DateTimeOffset> _times = [];

    /// <summary>Reads the attempts, oldest first. A line that is torn or not a row is passed over.</summary>
    public static MetricsLog Read(IEnumerable<AttemptFolder> attempts)
    {
        var log = new MetricsLog();
        foreach (var attempt in attempts)
        {
            if (!File.Exists(attempt.Metrics)) continue; // it never got to its first step, and superseded nothing
            var from = ResumeStep(attempt);
            foreach (var superseded in log._rows.Keys.Where(step => step > from).ToArray()) log._rows.Remove(superseded);
            foreach (var line in MetricsFile.Lines(attempt.Metrics))
            {
                log._rows[line.Step] = line.Values;
                if (line.Time is { } time) log._times[line.Step] = time;
            }
        }
        return log;
    }

    /// <summary>All metrics, by step, ascending.</summary>
    public IReadOnlyDictionary<long, IReadOnlyDictionary<string, double>> Rows => _rows;

    /// <summary>When a step was logged; null where it does not say.</summary>
    public DateTimeOffset? TimeOf(long step) => _times.TryGetValue(step, out var time) ? time : null;

    /// <summary>A metric by step, where it was logged and finite.</summary>
    public IReadOnlyList<CurvePoint> Of(string name) =>
        [.. _rows
            .Where(row => row.Value.TryGetValue(name, out var value) && double.IsFinite(value))
            .Select(row => new CurvePoint(row.Key, row.Value[name]))];

    /// <summary>The step of the checkpoint that the attempt went on from, <c>…/step-000100</c>; -1 if it started afresh.</summary>
    private static long ResumeStep(AttemptFolder attempt)
    {
        try
        {
            var job = JsonSerializer.Deserialize<JobFile>(File.ReadAllBytes(attempt.Job), ProtocolJson.Line);
            var name = Path.GetFileName(job?.ResumeFrom?.TrimEnd('/') ?? "");
            return long.TryParse(name.Split('-')[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var step) ? step : -1;
        }
        catch (Exception error) when (error is IOException or JsonException) { return -1; }
    }
}
