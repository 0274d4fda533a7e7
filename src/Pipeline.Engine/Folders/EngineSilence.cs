namespace Pipeline.Engine.Folders;

/// <summary>
/// For how long the engine of a state folder gave no sign, as one who waits for its lock sees it: by the waiter's own
/// clock, for the sign's time is another clock's and may jump.
/// </summary>
public sealed class EngineSilence(StateFolder state, TimeProvider time)
{
    /// <summary>Four missed signs; then another engine may take over.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(4);

    private DateTime _sign;
    private long _since = time.GetTimestamp();

    /// <summary>Looks; true if nothing changed since a look that is longer ago than <see cref="Limit"/>.</summary>
    public bool IsTooLong
    {
        get
        {
            var sign = Sign();
            if (sign != _sign) (_sign, _since) = (sign, time.GetTimestamp());
            return time.GetElapsedTime(_since) > Limit;
        }
    }

    // Asked of an open file: what a network file system remembers of a path may be seconds old, of a file just opened it is not.
    private DateTime Sign()
    {
        try
        {
            using var file = File.OpenHandle(EngineLock.Record(state));
            return File.GetLastWriteTimeUtc(file);
        }
        catch (IOException) { return default; } // nobody has worked here yet
    }
}
