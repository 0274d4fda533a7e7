namespace Pipeline.Engine.Attempts;

/// <summary>Says when it is time again. The first time is at once.</summary>
internal sealed class Every(TimeProvider time, TimeSpan interval)
{
    private long? _last;

    /// <summary>True if the interval has passed since the last time this was true.</summary>
    public bool IsDue
    {
        get
        {
            if (_last is { } last && time.GetElapsedTime(last) < interval) return false;
            _last = time.GetTimestamp();
            return true;
        }
    }
}
