using Pipeline.Engine.Ports;

namespace Pipeline.Engine.Attempts;

/// <summary>
/// How long a heartbeat has not changed, by the engine's own clock. The file's time is only compared with itself: the
/// clock of the machine that wrote it may be off, and after the machine slept every file looks old.
/// </summary>
internal sealed class HeartbeatWatch(TimeProvider time)
{
    private HeartbeatSeen? _last;
    private long _lastChange;

    /// <summary>Step of the newest heartbeat; null while there is none.</summary>
    public long? Step => _last?.Heartbeat.Step;

    /// <summary>Takes a look; returns the time since the last change. Zero while there is no heartbeat: some programs have none.</summary>
    public TimeSpan Age(HeartbeatSeen? seen)
    {
        if (seen is not null && seen != _last)
        {
            _last = seen;
            _lastChange = time.GetTimestamp();
        }
        return _last is null ? TimeSpan.Zero : time.GetElapsedTime(_lastChange);
    }
}
