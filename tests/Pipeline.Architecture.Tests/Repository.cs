using System.Runtime.CompilerServices;
using System.Xml.Linq;

namespace Pipeline.Architecture.Tests;

/// <summary>The repository as it lies on the disk.</summary>
internal static class Repository
{
    /// <summary>Absolute path of the repository's root.</summary>
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Here(), "..", ".."));

    /// <summary>Every project file of the product, by project name; tests are left out.</summary>
    public static IReadOnlyDictionary<string, XDocument> Projects { get; } =
        Directory.EnumerateFiles(Path.Combine(Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .Append(Path.Combine(Root, "stages", "Pipeline.Stages.csproj"))
            .ToDictionary(file => Path.GetFileNameWithoutExtension(file), XDocument.Load);

    /// <summary>The projects of ours that <paramref name="project"/> refers to by itself, for their code.</summary>
    public static IReadOnlyList<string> ReferencesOf(string project) =>
        [.. Projects[project].Descendants("ProjectReference")
            .Where(reference => (string?)reference.Attribute("ReferenceOutputAssembly") != "false")
            .Select(reference => Path.GetFileNameWithoutExtension(((string)reference.Attribute("Include")!).Replace('\\', '/')))];

    /// <summary>The packages that <paramref name="project"/> refers to by itself.</summary>
    public static IReadOnlyList<string> PackagesOf(string project) =>
        [.. Projects[project].Descendants("PackageReference").Select(reference => (string)reference.Attribute("Include")!)];

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
