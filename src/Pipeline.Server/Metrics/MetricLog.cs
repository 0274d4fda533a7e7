using Pipeline.Protocol.Jobs;

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

    private bool TakeIn(ReadOnlySpan<byte> bytes)
    {
        if (MetricsLine.Parse(bytes) is not { } line) return false;
        foreach (var (name, value) in line.Values)
        {
            if (!Series.TryGetValue(name, out var series)) Series[name] = series = new MetricSeries();
            series.Add(line.Step, value);
        }
        if (line.Time is { } time) Times.Add(line.Step, time.ToUnixTimeMilliseconds());
        LastStep = Math.Max(LastStep ?? line.Step, line.Step);
        return true;
    }
}
