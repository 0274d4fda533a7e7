using System.Runtime.CompilerServices;

namespace Pipeline.Spec.Tests;

/// <summary>
/// Files in the source tree that hold what is expected. To write them anew after a wanted change:
/// <c>UPDATE_GOLDEN=1 dotnet test tests/Pipeline.Spec.Tests</c>, then read the difference.
/// </summary>
internal static class Golden
{
    /// <summary>The folder of this project's sources.</summary>
    public static string Folder { get; } = Here();

    /// <summary>Asserts that <paramref name="actual"/> is what the file holds, or makes it so.</summary>
    public static void Matches(string file, string actual)
    {
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1") File.WriteAllText(file, actual);
        Assert.That(File.Exists(file), $"{file} is missing; see {nameof(Golden)}.");
        Assert.That(actual, Is.EqualTo(File.ReadAllText(file)), $"{Path.GetFileName(file)} differs; see {nameof(Golden)}.");
    }

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
