using Serilog;

namespace Pipeline.Engine.Loop;

/// <summary>
/// A time in which the journal does not answer, as everybody who waits for it shares it: said once when it begins and once
/// when it is over, however many ask, and however often.
/// </summary>
internal sealed class JournalOutage(TimeProvider time, ILogger log)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly Lock _turn = new();
    private long? _since;

    /// <summary>The journal did not answer: waits before the question is put again, the longer the longer it was away.</summary>
    public Task Wait(Exception error, CancellationToken cancellation)
    {
        TimeSpan away;
        lock (_turn)
        {
            if (_since is null) log.Warning("{Error} Nothing is lost; asking again until it answers", error.Message);
            _since ??= time.GetTimestamp();
            away = time.GetElapsedTime(_since.Value);
        }
        return Task.Delay(away < FirstPause ? FirstPause : away < LongestPause ? away : LongestPause, time, cancellation);
    }

    /// <summary>It answered.</summary>
    public void IsOver()
    {
        if (_since is null) return;
        lock (_turn)
        {
            if (_since is { } since) log.Warning("The journal answers again, after {Seconds:0.0} s", time.GetElapsedTime(since).TotalSeconds);
            _since = null;
        }
    }
}
