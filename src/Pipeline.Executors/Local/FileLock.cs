using Microsoft.Win32.SafeHandles;

namespace Pipeline.Executors.Local;

/// <summary>A lock on a file. It ends when it is disposed of or when its holder dies, however that happens.</summary>
internal sealed class FileLock : IDisposable
{
    private readonly SafeFileHandle _file;

    private FileLock(SafeFileHandle file) => _file = file;

    /// <summary>Takes the lock; null if somebody else has it.</summary>
    public static FileLock? Try(string path)
    {
        var file = Posix.OpenLockFile(path);
        if (Posix.TryLock(file)) return new(file);
        file.Dispose();
        return null;
    }

    /// <summary>Whether somebody has the lock.</summary>
    public static bool IsTaken(string path)
    {
        using var file = Posix.OpenLockFile(path);
        return Posix.IsLocked(file);
    }

    /// <summary>Children started from now on hold the lock as well: it ends with the last of them.</summary>
    public void Inherit() => Posix.KeepOpenInChildren(_file);

    /// <summary>Whether somebody deleted the file under the lock. A disk that cannot be reached for a while deletes nothing.</summary>
    public bool IsDeleted => // Linux tells the name of an open file, with this behind it when it has none any more
        new FileInfo($"/proc/self/fd/{_file.DangerousGetHandle()}").LinkTarget?.EndsWith(" (deleted)", StringComparison.Ordinal) == true;

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
