using System.Text.RegularExpressions;

namespace Pipeline.Architecture.Tests;

/// <summary>Every code that a person can meet stands on a page with its cause and what to do; and no other does.</summary>
public partial class ErrorPageTests
{
    // Said where a command line is parsed, not thrown.
    private static readonly string[] s_more = ["USAGE"];

    [Test]
    public void Page_HasEveryCode_AndNoOther()
    {
        var page = File.ReadAllLines(Path.Combine(Repository.Root, "src", "errors.md")).Where(line => line.StartsWith("| `", StringComparison.Ordinal)).ToList();
        Assert.That(page, Is.All.Matches(@"^\|[^|]+\| [^|]{3,} \| [^|]{3,} \|$"), "code, cause, remedy");
        var told = page.SelectMany(line => Code().Matches(line.Split('|')[1]).Select(match => match.Groups[1].Value)).ToList();
        Assert.That(told, Is.Unique);
        Assert.That(told, Is.EquivalentTo(Sources("src", "stages").Where(file => !file.Path.Contains("/Conformance/")).SelectMany(file => Codes(file.Text)).Concat(s_more).Distinct()));
    }

    [Test]
    public void RulesOfStageCheck_StandOnItsPage()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "stages", "Command", "README.md"));
        var rules = Sources("src/Pipeline.Cli/Conformance").SelectMany(file => Rule().Matches(file.Text)).Select(match => match.Groups[1].Value).Distinct().ToList();
        Assert.That(rules, Has.Count.GreaterThan(20));
        Assert.That(rules.Where(rule => !page.Contains($"`{rule}`")), Is.Empty);
    }

    [Test]
    public void ExampleOnItsPage_IsTheFile()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "stages", "Command", "README.md"));
        var file = File.ReadAllText(Path.Combine(Repository.Root, "stages", "Command", "train.py"));
        Assert.That(page, Does.Contain($"<!-- train.py -->\n```python\n{file}```\n"));
    }

    private static IEnumerable<string> Codes(string text) =>
        Declared().Matches(text).Concat(Thrown().Matches(text)).Select(match => match.Groups[1].Value)
            .Concat(text.Contains("class TrainingErrors", StringComparison.Ordinal) ? OfTraining().Matches(text).Select(match => match.Groups[1].Value) : []);

    private static IEnumerable<(string Path, string Text)> Sources(params string[] folders) => folders
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories))
        .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal))
        .Select(file => (file, File.ReadAllText(file)));

    [GeneratedRegex("`([A-Za-z_-]+)`")]
    private static partial Regex Code();

    // Names of environment variables look the same.
    [GeneratedRegex("""const string \w+ = "((?!PIPELINE_)[A-Z]+(?:_[A-Z]+)+|IO|INTERNAL)";""")]
    private static partial Regex Declared();

    [GeneratedRegex("""(?:Exception\(|Warn\([^"]*?|Tell\(stage[^"\n]*?)\s*"([A-Z]+(?:_[A-Z]+)+)"[,)]""")]
    private static partial Regex Thrown();

    [GeneratedRegex("""const string \w+ = "([a-z-]+)";""")]
    private static partial Regex OfTraining();

    [GeneratedRegex("""(?:Broken|new)\("([A-Z]+(?:_[A-Z]+)+)",""")]
    private static partial Regex Rule();
}
