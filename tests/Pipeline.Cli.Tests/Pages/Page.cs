using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Pipeline.Cli.Tests.Pages;

/// <summary>A Markdown page of the repository.</summary>
/// <param name="Path">Absolute path.</param>
internal sealed partial record Page(string Path)
{
    private static readonly string[] s_notOurs = [".git", "bin", "obj", "node_modules", ".pipeline", "TestResults"];

    public static string Root { get; } = System.IO.Path.GetFullPath(System.IO.Path.Combine(Here(), "..", "..", ".."));

    /// <summary>All of them.</summary>
    public static IEnumerable<Page> All => Below(Root).OrderBy(page => page.Path, StringComparer.Ordinal);

    /// <summary>Its path in the repository.</summary>
    public override string ToString() => System.IO.Path.GetRelativePath(Root, Path);

    /// <summary>
    /// The command lines that begin with <c>pipeline</c>: of code blocks without remarks, and of lists and running text, where what must
    /// follow may be left out.
    /// </summary>
    public IEnumerable<(string Line, bool Whole)> Commands()
    {
        var text = File.ReadAllText(Path);
        foreach (Match block in Block().Matches(text))
            foreach (var line in Joined().Replace(block.Groups["code"].Value, " ").Split('\n'))
                foreach (Match command in InBlock().Matches(line))
                {
                    var said = command.Groups["line"].Value.Trim();
                    yield return (Remark().Split(said)[0], Whole: !Listed().IsMatch(said));
                }
        foreach (Match command in InText().Matches(Block().Replace(text, "")))
            yield return (command.Groups["line"].Value.ReplaceLineEndings(" "), false);
    }

    /// <summary>The pipeline files that it shows whole.</summary>
    public IEnumerable<string> Pipelines() => Block().Matches(File.ReadAllText(Path))
        .Select(block => block.Groups["code"].Value).Where(code => code.StartsWith("apiVersion:", StringComparison.Ordinal) || code.Contains("\napiVersion:", StringComparison.Ordinal));

    private static IEnumerable<Page> Below(string folder) => Directory.EnumerateFiles(folder, "*.md").Select(file => new Page(file))
        .Concat(Directory.EnumerateDirectories(folder).Where(path => !s_notOurs.Contains(System.IO.Path.GetFileName(path))).SelectMany(Below));

    private static string Here([CallerFilePath] string file = "") => System.IO.Path.GetDirectoryName(file)!;

    // Between fences, or indented by four.
    [GeneratedRegex(@"(?m)^```[a-z]*\n(?<code>(?:(?!```).*\n)*)```|(?m)^(?<code>(?:(?<=\n\n|\n    [^\n]*\n) {4}\S.*\n)+)")]
    private static partial Regex Block();

    [GeneratedRegex(@"\\\n\s*")]
    private static partial Regex Joined();

    [GeneratedRegex(@"(?:^\s*|&& |; |\| )(?:[A-Z_]+=\S+ )*(?:\$ )?pipeline (?<line>[a-z](?:[^&|;>]|>=)*)")]
    private static partial Regex InBlock();

    [GeneratedRegex(@"\s{2,}|\s#\s")]
    private static partial Regex Remark();

    // A list of commands says behind two blanks what each does, and leaves out what it needs.
    [GeneratedRegex(@"\s{2,}[^#\s]")]
    private static partial Regex Listed();

    [GeneratedRegex(@"`pipeline (?<line>[a-z][^`]*)`")]
    private static partial Regex InText();
}
