namespace Pipeline.Spec.Tests;

/// <summary>A corpus of broken files with the exact messages a user gets. Add a case by adding a file.</summary>
public sealed class BrokenFilesTests
{
    private static readonly string Folder = Path.Combine(Golden.Folder, "Broken");

    private static IEnumerable<string> Files => Directory.EnumerateFiles(Folder, "*.yaml").Order().Select(Path.GetFileName)!;

    [Test]
    public void Corpus_HasAtLeastFortyFiles() => Assert.That(Files.Count(), Is.GreaterThanOrEqualTo(40));

    [TestCaseSource(nameof(Files))]
    public void Load_BrokenFile_TellsAllErrorsInTheseWords(string name)
    {
        var loaded = PipelineFile.Load(Path.Combine(Folder, name), ArgumentsIn(name));

        Assert.That(loaded.Pipeline, Is.Null);
        Assert.That(loaded.Errors, Is.Not.Empty);
        var told = string.Concat(loaded.Errors.Select(error => $"{error}\n")).Replace(Folder + Path.DirectorySeparatorChar, "");
        Golden.Matches(Path.Combine(Folder, Path.ChangeExtension(name, ".txt")), told);
    }

    /// <summary>What follows <c># args:</c> in the file's comments, as on the command line.</summary>
    private static Overrides ArgumentsIn(string name)
    {
        var line = File.ReadLines(Path.Combine(Folder, name)).FirstOrDefault(line => line.StartsWith("# args:", StringComparison.Ordinal));
        var words = line?["# args:".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        IEnumerable<string> Of(string option) => words.Chunk(2).Where(pair => pair[0] == option).Select(pair => pair[1]);
        return new Overrides { Profile = Of("--profile").FirstOrDefault(), Params = [.. Of("-p")], Sets = [.. Of("--set")] };
    }
}
