using System.Globalization;

namespace Pipeline.Cli.Output;

/// <summary>
/// How far a command is and when it will be done, on standard error, once it takes longer than two seconds: one line that is written
/// over on a terminal, a line every ten seconds elsewhere.
/// </summary>
internal sealed class ProgressLine(Terminal terminal, string verb, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    private readonly TimeSpan _pause = terminal.IsInteractive ? TimeSpan.FromSeconds(0.5) : TimeSpan.FromSeconds(10);
    private readonly long _start = clock.GetTimestamp();
    private TimeSpan _next = s_patience;
    private int _width;

    /// <summary>Told as often as may be.</summary>
    public void Report(long rows, double share)
    {
        var elapsed = clock.GetElapsedTime(_start);
        if (elapsed < _next) return;
        _next = elapsed + _pause;
        Write(string.Create(CultureInfo.InvariantCulture, $"{verb} row {rows:N0} ({100 * share:0} %), {rows / elapsed.TotalSeconds:N0} rows/s{Left(elapsed, share)}"));
    }

    /// <summary>Takes the line away.</summary>
    public void Dispose()
    {
        if (_width > 0 && terminal.IsInteractive) terminal.Error.Write($"\r{new string(' ', _width)}\r");
    }

    private static string Left(TimeSpan elapsed, double share) => share is > 0.001 and <= 1 ? $", {Durations.Text(elapsed * (1 / share - 1))} left" : "";

    private void Write(string text)
    {
        if (!terminal.IsInteractive)
        {
            terminal.Error.WriteLine(text);
            return;
        }
        terminal.Error.Write($"\r{text.PadRight(_width)}");
        _width = text.Length;
    }
}
