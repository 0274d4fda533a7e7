using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Pipeline.Protocol;
using Pipeline.Protocol.Jobs;

namespace Pipeline.Cli.Conformance;

/// <summary>A start of the program, looked at while it runs: what others would read at any moment must be whole at every moment.</summary>
internal sealed class WatchedProcess : IDisposable
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(5);
    private readonly Process _process;
    private readonly AttemptFolder _attempt;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private (DateTime Written, TimeSpan Seen) _beat;

    /// <summary>Starts it in the folder that we are in, as a pipeline file beside it would.</summary>
    public WatchedProcess(IReadOnlyList<string> program, AttemptFolder attempt)
    {
        _attempt = attempt;
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec \"$@\" >>\"$STDOUT_FILE\" 2>>\"$STDERR_FILE\"", "sh", .. program]);
        (start.Environment[JobFile.EnvironmentVariable], start.Environment["STDOUT_FILE"], start.Environment["STDERR_FILE"]) =
            (attempt.Job, attempt.StandardOutput, attempt.StandardError);
        _process = Process.Start(start)!;
    }

    /// <summary>Its exit code; that of a shell, 128 and more, for a signal.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>How long it has run.</summary>
    public TimeSpan Time => _clock.Elapsed;

    /// <summary>The longest time in which its heartbeat did not change, from the first on; null if it had none.</summary>
    public TimeSpan? LongestPause { get; private set; }

    /// <summary>Names of files that were there and could not be read as what they are.</summary>
    public SortedSet<string> Torn { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether it has told of a step by its metrics or its heartbeat.</summary>
    public bool HasStepped { get; private set; }

    /// <summary>Waits until it has ended, or something else holds, and looks on meanwhile.</summary>
    /// <returns>Whether it has ended within the limit.</returns>
    public async Task<bool> Ended(TimeSpan limit, CancellationToken cancellation, Func<bool>? orUntil = null)
    {
        var end = _clock.Elapsed + limit;
        while (!_process.HasExited && _clock.Elapsed < end && orUntil?.Invoke() != true)
        {
            Look();
            await Task.Delay(s_look, cancellation);
        }
        return _process.HasExited;
    }

    /// <summary>Asks it to stop.</summary>
    public void Stop()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Kills it if it still runs.</summary>
    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    private void Look()
    {
        if (Read<Heartbeat>(_attempt.Heartbeat) is { } beat)
        {
            HasStepped |= beat.Step > 0;
            var written = File.GetLastWriteTimeUtc(_attempt.Heartbeat);
            if (LongestPause is null || written != _beat.Written) _beat = (written, _clock.Elapsed);
            var pause = _clock.Elapsed - _beat.Seen;
            LongestPause = pause > LongestPause ? pause : LongestPause ?? TimeSpan.Zero;
        }
        HasStepped |= MetricsFile.Lines(_attempt.Metrics).Any();
        _ = Read<ResultFile>(_attempt.Result);
    }

    private T? Read<T>(string path) where T : class
    {
        try { return File.Exists(path) ? JsonSerializer.Deserialize<T>(File.ReadAllBytes(path), ProtocolJson.Line) : null; }
        catch (FileNotFoundException) { return null; } // replaced just now
        catch (JsonException)
        {
            Torn.Add(Path.GetFileName(path));
            return null;
        }
    }
}
