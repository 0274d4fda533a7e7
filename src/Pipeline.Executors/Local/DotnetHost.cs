using System.Runtime.InteropServices;

namespace Pipeline.Executors.Local;

/// <summary>How to start a .NET program with the runtime that runs this one, wherever that is installed.</summary>
public static class DotnetHost
{
    /// <summary>The command that runs a managed program: <c>[dotnet, program.dll]</c>.</summary>
    /// <param name="assembly">Absolute path of the program's .dll.</param>
    public static IReadOnlyList<string> Command(string assembly) => [Dotnet, assembly];

    // <root>/shared/Microsoft.NETCore.App/<version>/ is where the runtime lies, <root>/dotnet is what starts it.
    private static string Dotnet { get; } = Path.Combine(
        Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..")),
        OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
}
