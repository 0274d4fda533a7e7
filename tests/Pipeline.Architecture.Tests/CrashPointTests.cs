using System.Text.RegularExpressions;

namespace Pipeline.Architecture.Tests;

/// <summary>A place that code names and no list does would be killed by no test; one that only a list names cannot be reached.</summary>
public partial class CrashPointTests
{
    private static readonly string[] Lists =
    [
        "src/Pipeline.Engine/EngineCrashPoints.cs", "src/Pipeline.Executors/Local/LocalCrashPoints.cs",
        "src/Pipeline.Executors/Slurm/SlurmCrashPoints.cs",
        "src/Pipeline.Training/Checkpoints/CheckpointPlaces.cs", "stages/Hosting/StageCrashPoints.cs",
    ];

    [Test]
    public void Places_ThatCodeNames_AreThoseOfTheLists()
    {
        var listed = Lists.SelectMany(list => Listed().Matches(File.ReadAllText(Path.Combine(Repository.Root, list)))).Select(match => match.Groups[1].Value);
        // append-NAME is made from the events' names, so that a new kind of event is listed by itself.
        Assert.That(Named("Before"), Is.EquivalentTo(Named("After")), "a place has two sides");
        Assert.That(Named("Before"), Is.EquivalentTo(listed.Except(["append-", "before", "after"])));
    }

    private static HashSet<string> Named(string side) =>
    [
        .. new[] { "src", "stages" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories))
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal))
            .SelectMany(file => Call().Matches(File.ReadAllText(file)))
            .Where(match => match.Groups[1].Value == side)
            .Select(match => match.Groups[2].Value),
    ];

    [GeneratedRegex("""(?:CrashPoint|CheckpointPlaces)\.(Before|After)\("([a-z-]+)"\)""")]
    private static partial Regex Call();

    [GeneratedRegex("""
        "([a-z-]+)"
        """)]
    private static partial Regex Listed();
}
