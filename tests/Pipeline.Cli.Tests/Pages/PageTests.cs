using System.CommandLine;
using System.CommandLine.Parsing;
using Pipeline.Cli.Commands;
using Pipeline.Cli.Output;
using Pipeline.Spec;

namespace Pipeline.Cli.Tests.Pages;

/// <summary>What the pages tell people to type is understood, and the pipeline files that they show are valid.</summary>
public class PageTests
{
    private static readonly RootCommand s_root = CommandLine.Root(new Terminal(TextWriter.Null, TextWriter.Null, IsInteractive: false));

    private static IEnumerable<Page> Pages => Page.All;

    [Test]
    public void Pages_AreFound_WithTheirCommands()
    {
        var commands = Pages.SelectMany(page => page.Commands()).ToList();
        Assert.That(commands.Count(command => command.Whole), Is.GreaterThan(10));
        Assert.That(commands.Count(command => !command.Whole), Is.GreaterThan(50));
        Assert.That(Pages.SelectMany(page => page.Pipelines()), Is.Not.Empty);
    }

    [TestCaseSource(nameof(Pages))]
    public void Commands_OfAPage_AreUnderstood(object page) // Page is not public
    {
        var wrong = ((Page)page).Commands().Select(command => (command.Line, Errors: Errors(command.Line, command.Whole).ToList())).Where(command => command.Errors.Count > 0);
        Assert.That(wrong.Select(command => $"pipeline {command.Line}: {string.Join(' ', command.Errors)}"), Is.Empty);
    }

    [TestCaseSource(nameof(Pages))]
    public void Pipelines_OfAPage_AreValid(object page)
    {
        foreach (var text in ((Page)page).Pipelines())
        {
            var errors = PipelineFile.Parse(text, Path.Combine(Path.GetDirectoryName(((Page)page).Path)!, "shown.yaml"), checkPaths: false).Errors;
            Assert.That(errors.Where(error => error.Code != SpecErrors.Param).Select(error => error.ToString()), Is.Empty);
        }
    }

    [TestCase("status --bogus", ExpectedResult = false)]
    [TestCase("bogus latest", ExpectedResult = false)]
    [TestCase("resume RUN --from STAGE --set k=v", ExpectedResult = true)]
    public bool Commands_ThatAreWrong_AreNoticed(string line) => !Errors(line, whole: true).Any();

    private static IEnumerable<string> Errors(string line, bool whole)
    {
        // The lists write [RUN] for what may be left out, and … for more of the same.
        var arguments = CommandLineParser.SplitCommandLine(line.Replace("[", "").Replace("]", "").Replace("…", "").Trim()).ToArray();
        if (arguments is not [var verb, ..] || StageVerbs.All.ContainsKey(verb)) return []; // those are pipeline-stage's
        var parsed = s_root.Parse(arguments);
        return parsed.Errors.Where(error => whole || !IsMissing(error)).Where(error => !IsPlaceholder(error, arguments)).Select(error => error.Message);
    }

    private static bool IsMissing(ParseError error) => error.Message.StartsWith("Required ", StringComparison.Ordinal) || error.Message.Contains(" is required", StringComparison.Ordinal);

    /// <summary>A word in capitals stands for a number, an address or a verb, which it is not.</summary>
    private static bool IsPlaceholder(ParseError error, string[] arguments) =>
        arguments.Any(argument => argument.Length > 1 && argument.All(char.IsAsciiLetterUpper) && error.Message.Contains($"'{argument}'", StringComparison.Ordinal));
}
