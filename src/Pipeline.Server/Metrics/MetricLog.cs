using System.Text.Json;

namespace Pipeline.Server.Metrics;

/// <summary>The metrics of one attempt, read as the stage writes them: every call takes in the lines that are new.</summary>
internal sealed class MetricLog(StateFiles files, string path)
{
    // The end of what was read. A job that was started twice replaces its file; then these bytes are no longer there.
    private const int MarkLength = 64;
    private byte[] _mark = [];
    private long _read;

    /// <summary>The metrics by name.</summary>
    public Dictionary<string, MetricSeries> Series { get; private set; } = [];

    /// <summary>When each step was logged, in milliseconds since 1970; a step that does not say when is not in it.</summary>
    public MetricSeries Times { get; private set; } = new();

    /// <summary>The last step of any metric; null before the first.</summary>
    public long? LastStep { get; private set; }

    /// <summary>Lines that are no flat JSON object with a step, such as those with a bare NaN. They are passed over.</summary>
    public int Unreadable { get; private set; }

    /// <summary>Takes in what was written since the last call.</summary>
    /// <exception cref="ServerException"><see cref="ServerErrors.LinkRefused"/>.</exception>
    public void Refresh()
    {
        using var file = files.Open(path);
        if (file is null) return;
        if (!Holds(file)) Forget();
        if (file.Length == _read) return;

        file.Position = _read;
        var bytes = new byte[file.Length - _read];
        var read = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        var whole = bytes.AsSpan(0, read)[..(bytes.AsSpan(0, read).LastIndexOf((byte)'\n') + 1)]; // the rest is being written
        foreach (var line in whole.Split((byte)'\n'))
            if (!whole[line].IsEmpty && !TakeIn(whole[line])) Unreadable++;

        if (whole.IsEmpty) return;
        _read += whole.Length;
        _mark = whole[Math.Max(0, whole.Length - MarkLength)..].ToArray();
    }

    private bool Holds(FileStream file)
    {
        if (file.Length < _read) return false;
        file.Position = _read - _mark.Length;
        Span<byte> there = stackalloc byte[_mark.Length];
        return file.ReadAtLeast(there, there.Length, throwOnEndOfStream: false) == there.Length && there.SequenceEqual(_mark);
    }

    private void Forget() => (Series, Times, LastStep, Unreadable, _read, _mark) = ([], new(), null, 0, 0, []);

    private bool TakeIn(ReadOnlySpan<byte> line)
    {
        try
        {
            var reader = new Utf8JsonReader(line);
            using var row = JsonDocument.ParseValue(ref reader);
            if (!row.RootElement.TryGetProperty("step", out var number) || !number.TryGetInt64(out var step)) return false;
            foreach (var field in row.RootElement.EnumerateObject())
            {
                if (field.Name == "step" || field.Value.ValueKind != JsonValueKind.Number) continue;
                if (!Series.TryGetValue(field.Name, out var series)) Series[field.Name] = series = new MetricSeries();
                series.Add(step, field.Value.GetDouble());
            }
            if (row.RootElement.TryGetProperty("time", out var text) && text.ValueKind == JsonValueKind.String && text.TryGetDateTimeOffset(out var time))
                Times.Add(step, time.ToUnixTimeMilliseconds());
            LastStep = Math.Max(LastStep ?? step, step);
            return true;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException) { return false; }
    }
}
