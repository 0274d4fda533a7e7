using Microsoft.Win32.SafeHandles;

namespace Pipeline.Executors.Local;

/// <summary>A lock on a file. It ends when it is disposed of or when its holder dies, however that happens.</summary>
internal sealed class FileLock : IDisposable
{
    private readonly SafeFileHandle _file;

    private FileLock(SafeFileHandle file) => _file = file;

    /// <summary>Waits for the lock.</summary>
    public static FileLock Wait(string path)
    {
        var file = Posix.OpenLockFile(path);
        Posix.Lock(file, wait: true);
        return new(file);
    }

    /// <summary>Takes the lock; null if somebody else has it.</summary>
    public static FileLock? Try(string path)
    {
        var file = Posix.OpenLockFile(path);
        if (Posix.Lock(file, wait: false)) return new(file);
        file.Dispose();
        return null;
    }

    /// <summary>Children started from now on hold the lock as well: it ends with the last of them.</summary>
    public void Inherit() => Posix.KeepOpenInChildren(_file);

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

}
