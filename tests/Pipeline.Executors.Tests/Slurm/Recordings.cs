using System.Runtime.CompilerServices;

namespace Pipeline.Executors.Tests.Slurm;

/// <summary>The files under Recorded.</summary>
internal static class Recordings
{
    public static string Read(string name) => File.ReadAllText(PathOf(name));

    public static string PathOf(string name, [CallerFilePath] string file = "") =>
        Path.Combine(Path.GetDirectoryName(file)!, "Recorded", name);
}
