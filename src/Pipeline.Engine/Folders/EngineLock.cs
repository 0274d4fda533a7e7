using System.Text.Json;
using Pipeline.Protocol;

namespace Pipeline.Engine.Folders;

/// <summary>
/// Held by the one engine that works in a state folder. The operating system gives it up when the process ends, however
/// it ends, so there is no stale lock to clean up. A process that is stopped holds on to it and does nothing: it is heard
/// of once a second, and after <see cref="EngineSilence.Limit"/> without a sign another may take over.
/// </summary>
/// <remarks>
/// Nobody can tell a stopped process from one that will wake up. One that wakes finds that it was replaced, by
/// <see cref="Lost"/>; before it has found out, <see cref="LockedExecutor"/> keeps it from starting jobs and the
/// store's term from writing.
/// </remarks>
public sealed class EngineLock : IDisposable
{
    private const int WouldBlock = 11; // EWOULDBLOCK; .NET puts errno there where it has no code of its own

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly StateFolder _state;
    private readonly FileStream _file;
    private readonly EngineIdentity _identity = EngineIdentity.OfThisProcess();
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _lost = new();
    private readonly ITimer _signs;
    private long _lastSign;

    private EngineLock(StateFolder state, FileStream file, TimeProvider time)
    {
        (_state, _file, _time) = (state, file, time);
        // Beside the lock and not in it: a locked file cannot be read.
        WholeFile.Refresh(Record(state), JsonSerializer.Serialize(_identity, ProtocolJson.Line));
        _lastSign = time.GetTimestamp();
        _signs = time.CreateTimer(_ => GiveSign(), null, Period, Period);
    }

    /// <summary>Cancelled when another engine has taken over, or the state folder was deleted.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Whether this is still the engine. Costs nothing as long as the last sign is young.</summary>
    public bool IsHeld => !_lost.IsCancellationRequested && (_time.GetElapsedTime(_lastSign) < EngineSilence.Limit / 2 || GiveSign());

    /// <summary>Takes the lock; null if another engine, of this or another process, holds it: submit to the journal and follow.</summary>
    /// <exception cref="EngineException">The state folder cannot be written.</exception>
    public static EngineLock? TryTake(StateFolder state, TimeProvider? time = null) =>
        TryOpen(LockFile(state), FileMode.OpenOrCreate) is { } file ? new EngineLock(state, file, time ?? TimeProvider.System) : null;

    /// <summary>
    /// Takes the place of an engine that was silent for too long: a new lock is put over the old one, which its holder
    /// keeps and which counts no more. Of two who do so at once, the later one is the engine.
    /// </summary>
    /// <exception cref="EngineException">The state folder cannot be written.</exception>
    public static EngineLock? TakeOver(StateFolder state, TimeProvider? time = null)
    {
        var fresh = $"{LockFile(state)}.{Environment.ProcessId}";
        if (TryOpen(fresh, FileMode.Create) is not { } file) return null;
        File.Move(fresh, LockFile(state), overwrite: true);
        return new EngineLock(state, file, time ?? TimeProvider.System);
    }

    /// <summary>Who holds the lock, for a message; null if nobody ever did.</summary>
    public static EngineIdentity? Holder(StateFolder state)
    {
        try
        {
            return JsonSerializer.Deserialize<EngineIdentity>(File.ReadAllBytes(Record(state)), ProtocolJson.Line);
        }
        catch (Exception error) when (error is IOException or JsonException) { return null; }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _signs.Dispose();
        _file.Dispose();
        _lost.Dispose();
    }

    internal static string Record(StateFolder state) => state.Of("engine.json");

    private static string LockFile(StateFolder state) => state.Of("engine.lock");

    private static FileStream? TryOpen(string path, FileMode mode)
    {
        try
        {
            // FileShare.None is flock(LOCK_EX | LOCK_NB), and .NET opens files so that children do not inherit them.
            return new FileStream(path, mode, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error) when ((error.HResult & 0xFFFF) == WouldBlock) { return null; }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new EngineException(
                EngineErrors.StateFolderUnwritable,
                $"No engine can work here: {error.Message} What was running runs on; mend that and resume the run.", error);
        }
    }

    /// <summary>Says that this engine is alive; false if another has taken its place.</summary>
    private bool GiveSign()
    {
        try
        {
            if (Holder(_state) is { } holder && holder != _identity)
            {
                _lost.Cancel();
                return false;
            }
            File.SetLastWriteTimeUtc(Record(_state), _time.GetUtcNow().UtcDateTime); // takes no room on a full disk
            _lastSign = _time.GetTimestamp();
            return true;
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException && !_state.Exists)
        {
            _lost.Cancel(); // somebody deleted the state folder, and nothing is left to work in
            return false;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ObjectDisposedException) { return true; } // not known: nobody could take over either
    }
}
