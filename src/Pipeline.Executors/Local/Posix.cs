using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pipeline.Executors.Local;

/// <summary>The few calls of Linux that .NET has no name for.</summary>
internal static partial class Posix
{
    public const int SigKill = 9;
    public const int SigTerm = 15;

    /// <summary>Leaves the terminal and the process group of whoever started us.</summary>
    public static void BecomeSessionLeader() => _ = SetSid(); // refused only to one that leads a group already

    /// <summary>Orphans among our descendants become our children instead of init's.</summary>
    public static void AdoptOrphans()
    {
        const int setChildSubreaper = 36;
        if (PrCtl(setChildSubreaper, 1, 0, 0, 0) != 0) throw Error("prctl");
    }

    /// <summary>From here on the standard streams are these files, also those of children.</summary>
    public static void RedirectStandardStreams(string output, string error)
    {
        const int readOnly = 0, writeOnly = 1, create = 0x40, append = 0x400;
        Replace(0, "/dev/null", readOnly);
        Replace(1, output, writeOnly | create | append);
        Replace(2, error, writeOnly | create | append);

        static void Replace(int stream, string path, int flags)
        {
            var file = Open(path, flags, 0b110_100_100);
            if (file < 0 || Dup2(file, stream) < 0) throw Error(path);
            _ = Close(file);
        }
    }

    /// <summary>Opens a file to be locked. .NET's own way would put a shared lock on it.</summary>
    public static SafeFileHandle OpenLockFile(string path)
    {
        const int readWrite = 2, create = 0x40, closeInChildren = 0x80000;
        var file = OpenHandle(path, readWrite | create | closeInChildren, 0b110_100_100);
        return file.IsInvalid ? throw Error(path) : file;
    }

    /// <summary>Locks an open file against everybody else who locks it; false if somebody has it. Never waits.</summary>
    /// <remarks>The lock belongs to the open file: children that inherit it hold it too, and it ends with the last of them.</remarks>
    public static bool TryLock(SafeFileHandle file)
    {
        const int setLock = 37, denied = 13, wouldBlock = 11; // F_OFD_SETLK
        var whole = new LockedRange { Type = LockedRange.Write };
        if (Fcntl(file, setLock, ref whole) == 0) return true;
        return Marshal.GetLastPInvokeError() is denied or wouldBlock ? false : throw Error("fcntl");
    }

    /// <summary>Whether another open file has the lock. Takes nothing, so who is stopped in the middle of asking is in nobody's way.</summary>
    public static bool IsLocked(SafeFileHandle file)
    {
        const int getLock = 36; // F_OFD_GETLK
        var whole = new LockedRange { Type = LockedRange.Write };
        return Fcntl(file, getLock, ref whole) == 0 ? whole.Type != LockedRange.None : throw Error("fcntl");
    }

    /// <summary>Children started from now on have none of the files open that are open now, but the standard streams.</summary>
    public static void CloseAllInChildren()
    {
        const uint first = 3, closeOnExec = 4;
        try { _ = CloseRange(first, uint.MaxValue, closeOnExec); }
        catch (EntryPointNotFoundException) { } // before glibc 2.34
    }

    /// <summary>Children started from now on have the file open as well, and with it the lock.</summary>
    public static void KeepOpenInChildren(SafeFileHandle file)
    {
        const int setDescriptorFlags = 2;
        if (Fcntl(file, setDescriptorFlags, 0) < 0) throw Error("fcntl");
    }

    /// <summary>Sends a signal; nothing happens if the process is gone.</summary>
    public static void Signal(int pid, int signal) => _ = Kill(pid, signal);

    /// <summary>Starts a program, looked up in PATH, with every signal at its default and all inheritable files open.</summary>
    /// <exception cref="IOException">It cannot be started, and why.</exception>
    public static int Spawn(IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment)
    {
        const short setSignalDefaults = 4, setSignalMask = 8;
        var attributes = Marshal.AllocHGlobal(1024); // posix_spawnattr_t: 336 bytes in glibc, fewer in musl
        var signals = Marshal.AllocHGlobal(256);     // sigset_t: 128 bytes
        var arguments = new NativeStrings(command);
        var variables = new NativeStrings([.. environment.Select(variable => $"{variable.Key}={variable.Value}")]);
        try
        {
            _ = SpawnAttributesInit(attributes);
            _ = SigFillSet(signals);
            _ = SpawnAttributesSetDefault(attributes, signals);
            _ = SigEmptySet(signals);
            _ = SpawnAttributesSetMask(attributes, signals);
            _ = SpawnAttributesSetFlags(attributes, setSignalDefaults | setSignalMask);
            var error = SpawnP(out var pid, command[0], 0, attributes, arguments.Pointers, variables.Pointers);
            return error == 0 ? pid : throw new IOException(Marshal.GetPInvokeErrorMessage(error));
        }
        finally
        {
            arguments.Free();
            variables.Free();
            Marshal.FreeHGlobal(signals);
            Marshal.FreeHGlobal(attributes);
        }
    }

    /// <summary>Waits for the end of any child. False when there is none left, and with subreaping that means no descendant.</summary>
    public static bool WaitForAny(out int pid, out int status, out double cpuSeconds, out long peakBytes)
    {
        // struct rusage: user time (s, us), system time (s, us), largest resident set in KiB, and 13 more
        Span<long> usage = stackalloc long[18];
        pid = Wait4(-1, out status, 0, ref MemoryMarshal.GetReference(usage));
        cpuSeconds = usage[0] + usage[2] + (usage[1] + usage[3]) / 1e6;
        peakBytes = usage[4] * 1024;
        const int interrupted = 4;
        if (pid < 0 && Marshal.GetLastPInvokeError() == interrupted)
            return WaitForAny(out pid, out status, out cpuSeconds, out peakBytes);
        return pid > 0;
    }

    private static IOException Error(string about)
    {
        var error = Marshal.GetLastPInvokeError();
        return new IOException($"{about}: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    /// <summary>struct flock. A start and a length of 0 mean the whole file.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct LockedRange
    {
        public const short Write = 1, None = 2;

        public short Type;
        public short Whence;
        public long Start;
        public long Length;
        public int Process;
    }

    /// <summary>A null-terminated array of C strings.</summary>
    private sealed class NativeStrings(IReadOnlyList<string> strings)
    {
        public nint[] Pointers { get; } = [.. strings.Select(Marshal.StringToCoTaskMemUTF8), 0];

        public void Free()
        {
            foreach (var pointer in Pointers) Marshal.FreeCoTaskMem(pointer);
        }
    }

    [LibraryImport("libc", EntryPoint = "setsid", SetLastError = true)]
    private static partial int SetSid();

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int PrCtl(int option, nuint a, nuint b, nuint c, nuint d);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle OpenHandle(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "dup2", SetLastError = true)]
    private static partial int Dup2(int from, int to);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int file);

    [LibraryImport("libc", EntryPoint = "close_range", SetLastError = true)]
    private static partial int CloseRange(uint first, uint last, uint flags);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Fcntl(SafeFileHandle file, int command, ref LockedRange range);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Fcntl(SafeFileHandle file, int command, nint argument);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "wait4", SetLastError = true)]
    private static partial int Wait4(int pid, out int status, int options, ref long usage);

    [LibraryImport("libc", EntryPoint = "sigfillset")]
    private static partial int SigFillSet(nint set);

    [LibraryImport("libc", EntryPoint = "sigemptyset")]
    private static partial int SigEmptySet(nint set);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    private static partial int SpawnAttributesInit(nint attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigdefault")]
    private static partial int SpawnAttributesSetDefault(nint attributes, nint set);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigmask")]
    private static partial int SpawnAttributesSetMask(nint attributes, nint set);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    private static partial int SpawnAttributesSetFlags(nint attributes, short flags);

    [LibraryImport("libc", EntryPoint = "posix_spawnp", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SpawnP(
        out int pid, string file, nint fileActions, nint attributes, [In] nint[] arguments, [In] nint[] environment);
}
