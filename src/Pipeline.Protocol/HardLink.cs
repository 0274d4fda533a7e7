using System.Runtime.InteropServices;

namespace Pipeline.Protocol;

/// <summary>A second name for the bytes of a file, for which .NET has no call.</summary>
public static partial class HardLink
{
    /// <summary>Makes it; false where the file system cannot, or it is another one: copy the file then.</summary>
    /// <param name="existing">The file.</param>
    /// <param name="created">Its second name, which must be free.</param>
    public static bool TryMake(string existing, string created) => !OperatingSystem.IsWindows() && Link(existing, created) == 0;

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Link(string existing, string name);
}
