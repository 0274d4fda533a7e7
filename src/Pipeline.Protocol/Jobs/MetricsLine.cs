using System.Text;
using System.Text.Json;

namespace Pipeline.Protocol.Jobs;

/// <summary>A line of <c>metrics.jsonl</c>: what a stage measured in a step.</summary>
/// <param name="Step">The step.</param>
/// <param name="Time">When it was logged; null where the line does not say.</param>
/// <param name="Values">The numbers by name.</param>
public sealed record MetricsLine(long Step, DateTimeOffset? Time, IReadOnlyDictionary<string, double> Values)
{
    private const string StepField = "step", TimeField = "time";

    /// <summary>Reads a line. Null if it is torn, as a killed job leaves its last one, or is no flat JSON object with a step.</summary>
    public static MetricsLine? Parse(ReadOnlySpan<byte> line)
    {
        try
        {
            var row = JsonElement.Parse(line);
            if (!row.TryGetProperty(StepField, out var number) || !number.TryGetInt64(out var step)) return null;
            var values = new Dictionary<string, double>();
            foreach (var field in row.EnumerateObject())
                if (field.Name != StepField && field.Value.ValueKind == JsonValueKind.Number) values[field.Name] = field.Value.GetDouble();
            return new(step, row.TryGetProperty(TimeField, out var text) && text.ValueKind == JsonValueKind.String && text.TryGetDateTimeOffset(out var time) ? time : null, values);
        }
        catch (Exception torn) when (torn is JsonException or InvalidOperationException) { return null; }
    }

    /// <inheritdoc cref="Parse(ReadOnlySpan{byte})"/>
    public static MetricsLine? Parse(string line) => Parse(Encoding.UTF8.GetBytes(line));
}
