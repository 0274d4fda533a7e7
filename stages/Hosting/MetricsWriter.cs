using System.Buffers;
using System.Text.Json;
using Pipeline.Protocol;

namespace Pipeline.Stages.Hosting;

/// <summary>
/// <c>metrics.jsonl</c>: one flat object a step, numbers under TRL's names. A line is handed to the operating system
/// when it is written, so a killed process loses none.
/// </summary>
public sealed class MetricsWriter : IDisposable
{
    private readonly FileStream _file;
    private readonly TimeProvider _clock;

    /// <param name="path">The file; one from a former start of the same attempt is replaced.</param>
    /// <param name="clock">Where the field <c>time</c> comes from.</param>
    public MetricsWriter(string path, TimeProvider clock)
    {
        _clock = clock;
        _file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
    }

    /// <summary>Adds the line of one step.</summary>
    /// <param name="step">Optimizer steps done.</param>
    /// <param name="values">Numbers by name; one that is not finite is left out, JSON has no word for it.</param>
    public void Write(long step, IEnumerable<KeyValuePair<string, double>> values)
    {
        var line = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(line))
        {
            json.WriteStartObject();
            json.WriteNumber("step", step);
            json.WriteString("time", _clock.GetUtcNow().UtcDateTime);
            foreach (var (name, value) in values)
                if (double.IsFinite(value)) json.WriteNumber(name, value);
            json.WriteEndObject();
        }
        line.Write("\n"u8);
        CrashPoint.Before("metrics");
        _file.Write(line.WrittenSpan);
        CrashPoint.After("metrics");
    }

    /// <summary>Forces what was written to the disk; before a checkpoint, which must not outlive the lines before it.</summary>
    public void FlushToDisk() => _file.Flush(flushToDisk: true);

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
